import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node on loopback, until it is killed: SingleNode FOLDER PORT.
 *
 * <p>The stock launcher loads modules from folders of a distribution that Maven Central does not
 * have, and refuses root; here they are on the class path.
 */
final class SingleNode extends Node {
    private static final List<Class<? extends Plugin>> MODULES =
            List.of(
                    Netty4Plugin.class,
                    ReindexPlugin.class,
                    PainlessPlugin.class,
                    CommonAnalysisPlugin.class,
                    MapperExtrasPlugin.class);

    private SingleNode(Settings settings, Path config) {
        super(
                InternalSettingsPreparer.prepareEnvironment(
                        settings, Map.of(), config, () -> "spinor-test"),
                MODULES,
                false);
    }

    public static void main(String[] parameters) throws Exception {
        Path folder = Path.of(parameters[0]).toAbsolutePath();
        Path config = Files.createDirectories(folder.resolve("config"));
        Settings settings =
                Settings.builder()
                        .put("path.home", folder)
                        .put("path.data", folder.resolve("data"))
                        .put("path.logs", folder.resolve("logs"))
                        .put("cluster.name", "spinor-test")
                        .put("discovery.type", "single-node")
                        .put("network.host", "127.0.0.1")
                        .put("http.port", parameters[1])
                        .put("transport.port", 0)
                        // A full disk of the developer's must not make indices read-only.
                        .put("cluster.routing.allocation.disk.threshold_enabled", false)
                        // Else it wants a limit of the kernel raised.
                        .put("node.store.allow_mmap", false)
                        .build();
        new SingleNode(settings, config).start();
        // Its own threads are daemons.
        Thread.currentThread().join();
    }
}
