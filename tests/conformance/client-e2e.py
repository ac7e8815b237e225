#!/usr/bin/env python3
"""Exercise everything that the official DiracX Python client offers against ANY compatible server.

Needs: pip install diracx-client diracx-api (of the release under test).
Environment
  DIRACX_URL            base URL (required)
  DX_LEGACY_KEY         clear text of the legacy-exchange key: tokens are then obtained with GET /api/auth/legacy-exchange
                        for user DX_USER (alice) of VO DX_VO (testvo) in groups user, admin (JobAdministrator+ServiceAdministrator), pilot
  or DX_ACCESS_TOKEN, DX_REFRESH_TOKEN, DX_ADMIN_TOKEN   ready-made tokens
  DX_AUTO_IDP=1         the VO's OpenID provider approves at once (oidc_provider.py): device and code flows run to the end;
                        without other tokens, those of the groups user, admin and pilot come from the device flow
  DX_RSS_SEEDED=1       seed_rss.py was run: check the contents
  DX_SANDBOX=0          skip sandboxes (no S3)
Prints one line an operation: OK/FAIL/SKIP; exit status 1 if any failed.
"""
import asyncio, base64, hashlib, inspect, json, os, secrets, sys, tempfile, time
from datetime import datetime, timedelta, timezone
from pathlib import Path
import httpx

URL = os.environ["DIRACX_URL"].rstrip("/"); VO = os.environ.get("DX_VO", "testvo"); USER = os.environ.get("DX_USER", "alice")
RT = {"retry_total": int(os.environ.get("DX_RETRIES", "0"))}   # azure-core retries 5xx 10 times with back-off by default
TMP = Path(tempfile.mkdtemp(prefix="dx-e2e-")); os.environ["DIRACX_CREDENTIALS_PATH"] = str(TMP / "user.json")
H = httpx.Client(base_url=URL, timeout=60)

def exchange(scope):
    b64 = base64.urlsafe_b64encode(os.environ["DX_LEGACY_KEY"].encode()).decode()
    r = H.get("/api/auth/legacy-exchange", params={"preferred_username": USER, "scope": scope}, headers={"Authorization": f"Bearer diracx:legacy:{b64}"}); r.raise_for_status()
    return r.json()
def device(scope):
    d = H.post("/api/auth/device", params={"client_id": "myDIRACClientID", "scope": scope}); d.raise_for_status(); d = d.json()
    httpx.get(d["verification_uri_complete"], follow_redirects=True, timeout=60).raise_for_status()   # plays the browser, with cookies of its own
    r = H.post("/api/auth/token", data={"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": d["device_code"], "client_id": "myDIRACClientID"}); r.raise_for_status()
    return r.json()
def creds(name, tok, expires_in=None):
    p = TMP / f"{name}.json"
    p.write_text(json.dumps({"access_token": tok["access_token"], "refresh_token": tok.get("refresh_token") or "", "expires_on": int(time.time()) + (expires_in if expires_in is not None else tok.get("expires_in", 1200))}))
    return p
if os.environ.get("DX_LEGACY_KEY"):
    T = {g: exchange(f"vo:{VO} group:{g}") for g in ("user", "admin", "pilot")}
elif os.environ.get("DX_AUTO_IDP") == "1" and not os.environ.get("DX_ACCESS_TOKEN"):
    T = {g: device(f"vo:{VO} group:{g}") for g in ("user", "admin", "pilot")}
else:
    T = {"user": {"access_token": os.environ["DX_ACCESS_TOKEN"], "refresh_token": os.environ.get("DX_REFRESH_TOKEN")}}
    if os.environ.get("DX_ADMIN_TOKEN"): T["admin"] = {"access_token": os.environ["DX_ADMIN_TOKEN"]}
    if os.environ.get("DX_PILOT_TOKEN"): T["pilot"] = {"access_token": os.environ["DX_PILOT_TOKEN"]}
for g, t in T.items(): creds(g, t)

from azure.core import MatchConditions                                   # noqa: E402
from azure.core.exceptions import HttpResponseError                      # noqa: E402
from diracx.api.jobs import create_sandbox, download_sandbox             # noqa: E402
from diracx.client.aio import AsyncDiracClient                           # noqa: E402
from diracx.client import models as m                                    # noqa: E402
from diracx.client.sync import SyncDiracClient                           # noqa: E402
from diracx.core.preferences import DiracxPreferences                    # noqa: E402

async def may304(fn):
    try:
        r = fn(); r = await r if inspect.isawaitable(r) else r; return "200"
    except HttpResponseError as e:
        if e.status_code == 304: return "304"
        raise
FAILED = []; N = 0; MODE = "?"
def line(st, name, detail=""):
    print(f"{st:4} {MODE:5} {name}  {str(detail)[:150]}".rstrip(), flush=True)
class Stop(Exception): pass
async def op(name, fn, check=None, status=None):
    """Run one operation; `check(result)` must not be False; `status` = expected HTTP error status."""
    global N; N += 1
    try:
        r = fn()
        if inspect.isawaitable(r): r = await r
        if status: raise AssertionError(f"expected HTTP {status}, got {str(r)[:100]}")
        if check is not None and check(r) is False: raise AssertionError(f"unexpected result {str(r)[:300]}")
        line("OK", name, "" if r is None else r if isinstance(r, (str, int, dict, list)) else getattr(r, "as_dict", lambda: r)())
        return r
    except HttpResponseError as e:
        if status and e.status_code == status:
            line("OK", name, f"{status} {e.response.text()[:110]}"); return None
        FAILED.append(name); line("FAIL", name, f"HTTP {e.status_code} {e.response.text()[:300] if e.response else e}")
    except Exception as e:
        FAILED.append(name); line("FAIL", name, f"{type(e).__name__}: {e}")
    return None

JDL = 'Executable = "echo"; Arguments = "hello"; JobName = "e2e"; JobGroup = "e2e_{g}"; JobType = "User"; StdOutput = "std.out"; StdError = "std.err"; OutputSandbox = {{"std.out","std.err"}}; Site = "ANY"; Priority = 2; CPUTime = 1000;'
def prefs(g): return DiracxPreferences(url=URL, credentials_path=TMP / f"{g}.json")
def now(d=0): return (datetime.now(timezone.utc) + timedelta(seconds=d)).isoformat()

async def scenario(C, A, is_async):
    G = secrets.token_hex(4); g = f"e2e_{G}"
    # --- well known, auth, config
    await op("well_known.get_openid_configuration", lambda: C.well_known.get_openid_configuration(), lambda r: r.token_endpoint.endswith("/api/auth/token"))
    await op("well_known.get_jwks", lambda: C.well_known.get_jwks(), lambda r: len(r["keys"]) >= 1 and "d" not in r["keys"][0])
    await op("well_known.get_installation_metadata", lambda: C.well_known.get_installation_metadata(), lambda r: VO in r.virtual_organizations)
    await op("well_known.get_security_txt", lambda: C.well_known.get_security_txt(), lambda r: "Contact" in r)
    await op("auth.userinfo", lambda: C.auth.userinfo(), lambda r: r.vo == VO and "NormalUser" in r.properties)
    await op("auth.get_refresh_tokens", lambda: C.auth.get_refresh_tokens(), lambda r: isinstance(r, list))
    await op("config.serve_config", lambda: C.config.serve_config(), lambda r: VO in r["Registry"])
    hdr = {}
    await op("config.serve_config(cls: ETag)", lambda: C.config.serve_config(cls=lambda resp, d, h: hdr.update(resp.http_response.headers) or dict(hdr)), lambda r: any(k.lower() == "etag" for k in r))
    et = {k.lower(): v for k, v in hdr.items()}
    # DiracX sends and compares a bare ETag, the client sends a quoted one: 200 from DiracX, 304 from a server that accepts both
    await op("config.serve_config(If-None-Match quoted by the client: 200 or 304)", lambda: may304(lambda: C.config.serve_config(etag=et.get("etag"), match_condition=MatchConditions.IfModified)))
    await op("config.serve_config(If-Modified-Since in the future)", lambda: C.config.serve_config(if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT"), status=304)
    await op("GET /api/config/ If-None-Match: ETag as received", lambda: H.get("/api/config/", headers={"Authorization": "Bearer " + T["user"]["access_token"], "If-None-Match": et["etag"]}).status_code, lambda r: r == 304)
    # --- jobs
    jobs = await op("jobs.submit_jdl_jobs(1)", lambda: C.jobs.submit_jdl_jobs([JDL.format(g=G)]), lambda r: len(r) == 1 and r[0].status == "Received" and r[0].minor_status == "Job accepted")
    more = await op("jobs.submit_jdl_jobs(5)", lambda: C.jobs.submit_jdl_jobs([JDL.format(g=G)] * 5), lambda r: len({x.job_id for x in r}) == 5)
    par = await op("jobs.submit_jdl_jobs(parametric 3)", lambda: C.jobs.submit_jdl_jobs(['Executable="x"; JobGroup="%s"; Parameters=3; ParameterStart=1; ParameterStep=1; Arguments="%%s"; JobName="p_%%n";' % g]), lambda r: len(r) == 3 and r[0].status == "Submitting")
    if not jobs or not more: raise Stop("no jobs")
    ids = [jobs[0].job_id] + [x.job_id for x in more]; j = ids[0]
    await op("jobs.submit_jdl_jobs(21)", lambda: C.jobs.submit_jdl_jobs([JDL.format(g=G)] * 21), status=400)
    await op("jobs.submit_jdl_jobs(bad JDL)", lambda: C.jobs.submit_jdl_jobs(["Executable ="]), status=400)
    def sea(**k): return C.jobs.search(search=[{"parameter": "JobGroup", "operator": "eq", "value": g}], **k)
    await op("jobs.search", lambda: sea(), lambda r: len(r) == 6 + (3 if par else 0))
    await op("jobs.search(parameters, sort, page)", lambda: sea(parameters=["JobID", "Status"], sort=[{"parameter": "JobID", "direction": "desc"}], page=1, per_page=2), lambda r: len(r) == 2 and set(r[0]) == {"JobID", "Status"} and r[0]["JobID"] > r[1]["JobID"])
    await op("jobs.search(Content-Range)", lambda: sea(per_page=2, cls=lambda resp, d, h: (resp.http_response.status_code, resp.http_response.headers.get("Content-Range"))), lambda r: r[0] == 206 and r[1].startswith("jobs 0-1/"))
    await op("jobs.search(page beyond the end)", lambda: sea(page=50, per_page=10), status=416)
    for opr, val, n in (("neq", "nope", None), ("gt", str(j - 1), None), ("lt", str(j + 1), None), ("in", [str(j), str(ids[1])], 2), ("not in", [str(j)], None)):
        spec = {"parameter": "JobID" if opr != "neq" else "JobName", "operator": opr, ("values" if isinstance(val, list) else "value"): val}
        await op(f"jobs.search({opr})", lambda spec=spec: C.jobs.search(search=[spec, {"parameter": "JobGroup", "operator": "eq", "value": g}], per_page=100), lambda r, n=n: len(r) >= 1 and (n is None or len(r) == n))
    for opr, val in (("like", "e2e_%"), ("not like", "zzz%"), ("regex", "^e2e_")):
        await op(f"jobs.search({opr})", lambda opr=opr, val=val: C.jobs.search(search=[{"parameter": "JobGroup", "operator": opr, "value": val}, {"parameter": "JobID", "operator": "eq", "value": str(j)}]), lambda r: len(r) == 1)
    d0 = datetime.now(timezone.utc)
    for s in (d0.strftime("%Y"), d0.strftime("%Y-%m-%d")):
        await op(f"jobs.search(SubmissionTime eq {len(s)} chars)", lambda s=s: C.jobs.search(search=[{"parameter": "SubmissionTime", "operator": "eq", "value": s}, {"parameter": "JobID", "operator": "eq", "value": str(j)}]), lambda r: len(r) == 1)
    await op("jobs.search(LoggingInfo)", lambda: C.jobs.search(parameters=["JobID", "LoggingInfo"], search=[{"parameter": "JobID", "operator": "eq", "value": str(j)}]), lambda r: len(r) == 1 and r[0]["LoggingInfo"][0]["Status"] == "Received")
    await op("jobs.search(unknown column)", lambda: C.jobs.search(parameters=["Nope"]), status=400)
    await op("jobs.summary", lambda: C.jobs.summary(grouping=["Status"], search=[{"parameter": "JobGroup", "operator": "eq", "value": g}]), lambda r: {x["Status"]: x["count"] for x in r}.get("Received") == 6)
    await op("jobs.summary([Status,Site])", lambda: C.jobs.summary(grouping=["Status", "Site"], search=[{"parameter": "JobGroup", "operator": "eq", "value": g}]), lambda r: all("count" in x for x in r))
    S = lambda st, mi="", so="Job", ap=None: m.JobStatusUpdate(status=st, minor_status=mi or None, application_status=ap, source=so)
    await op("jobs.set_job_statuses(Checking)", lambda: C.jobs.set_job_statuses({str(i): {now(): S("Checking", "JobPath")} for i in ids}), lambda r: len(r.success) == len(ids) and not r.failed)
    await op("jobs.set_job_statuses(Waiting)", lambda: C.jobs.set_job_statuses({str(i): {now(): S("Waiting", "Pilot Agent Submission")} for i in ids}), lambda r: len(r.success) == len(ids))
    await op("jobs.set_job_statuses(several times a job)", lambda: C.jobs.set_job_statuses({str(j): {now(): S("Matched", "Assigned"), now(.01): S("Running", "Job Initialization"), now(.02): S("Running", "Application", ap="step 1")}}), lambda r: str(j) in r.success)
    await op("jobs.search(status is Running)", lambda: C.jobs.search(parameters=["JobID", "Status", "MinorStatus", "ApplicationStatus", "StartExecTime", "HeartBeatTime"], search=[{"parameter": "JobID", "operator": "eq", "value": str(j)}]), lambda r: r[0]["Status"] == "Running" and r[0]["ApplicationStatus"] == "step 1" and r[0]["StartExecTime"])
    await op("jobs.set_job_statuses(no time zone)", lambda: C.jobs.set_job_statuses({str(j): {"2026-01-01T00:00:00": S("Running")}}), status=400)
    await op("jobs.set_job_statuses(force, not admin)", lambda: C.jobs.set_job_statuses({str(j): {now(): S("Running")}}, force=True), status=403)
    await op("jobs.set_job_statuses(unknown job)", lambda: C.jobs.set_job_statuses({"999999999": {now(): S("Running")}}), status=403)
    if A:
        await op("jobs.set_job_statuses(unknown job, admin)", lambda: A.jobs.set_job_statuses({"999999999": {now(): S("Running")}}), status=404)
        await op("jobs.set_job_statuses(force, admin)", lambda: A.jobs.set_job_statuses({str(ids[5]): {now(): S("Done", "forced")}}, force=True), lambda r: r.success[str(ids[5])].status == "Done")
    await op("jobs.add_heartbeat", lambda: C.jobs.add_heartbeat({str(j): m.HeartbeatData(load_average=1.5, memory_used=100.0, vsize=200.0, available_disk_space=3.0, cpu_consumed=4.0, wall_clock_time=5.0, standard_output="hello")}), lambda r: r == [])
    await asyncio.sleep(1.1)   # DiracX: two heartbeats of a job in the same second collide (HTTP 500)
    await op("jobs.add_heartbeat(several)", lambda: C.jobs.add_heartbeat({str(i): m.HeartbeatData(cpu_consumed=4.0) for i in ids[:3]}), lambda r: r == [])
    await op("jobs.set_job_statuses(Killed)", lambda: C.jobs.set_job_statuses({str(ids[1]): {now(): S("Killed", "Marked for termination", so="User")}}), lambda r: r.success[str(ids[1])].status == "Killed")
    await asyncio.sleep(1.1)
    await op("jobs.add_heartbeat(returns Kill)", lambda: C.jobs.add_heartbeat({str(ids[1]): m.HeartbeatData(cpu_consumed=4.0)}), lambda r: [(x.job_id, x.command) for x in r] == [(ids[1], "Kill")])
    await asyncio.sleep(1.1)
    await op("jobs.add_heartbeat(command only once)", lambda: C.jobs.add_heartbeat({str(ids[1]): m.HeartbeatData(cpu_consumed=4.0)}), lambda r: r == [])
    await op("jobs.patch_metadata(attribute Site)", lambda: C.jobs.patch_metadata({j: {"Site": "LCG.Test.org"}}))
    await op("jobs.patch_metadata(parameters)", lambda: C.jobs.patch_metadata({j: {"CPUNormalizationFactor": 10, "HostName": "wn1", "MyOwn": "x"}, ids[1]: {"Memory(MB)": 100}}))
    await op("jobs.search(Site was patched)", lambda: C.jobs.search(parameters=["JobID", "Site"], search=[{"parameter": "JobID", "operator": "eq", "value": str(j)}]), lambda r: r[0]["Site"] == "LCG.Test.org")
    await op("jobs.patch_metadata(immutable attribute)", lambda: C.jobs.patch_metadata({j: {"Owner": "mallory"}}), status=400)
    await op("jobs.reschedule_jobs", lambda: C.jobs.reschedule_jobs(m.BodyJobsRescheduleJobs(job_ids=[ids[2], ids[3]])), lambda r: set(r["success"]) == {str(ids[2]), str(ids[3])} and r["success"][str(ids[2])]["MinorStatus"] == "Job Rescheduled")
    await op("jobs.reschedule_jobs(reset_jobs)", lambda: C.jobs.reschedule_jobs(m.BodyJobsRescheduleJobs(job_ids=[ids[2]]), reset_jobs=True), lambda r: r["success"][str(ids[2])]["RescheduleCounter"] == 0)
    for k in range(2): await op("jobs.reschedule_jobs(again)", lambda: C.jobs.reschedule_jobs(m.BodyJobsRescheduleJobs(job_ids=[ids[3]])), lambda r: str(ids[3]) in r["success"])
    await op("jobs.reschedule_jobs(over the maximum)", lambda: C.jobs.reschedule_jobs(m.BodyJobsRescheduleJobs(job_ids=[ids[3]])), status=400)
    # --- sandboxes
    if os.environ.get("DX_SANDBOX") != "0":
        f = TMP / f"in-{G}.txt"; f.write_text("sandbox " + G)
        AC = C if is_async else AsyncDiracClient(endpoint=URL, diracx_preferences=prefs("user"), **RT)
        pfn = await op("api.create_sandbox", lambda: create_sandbox([f], client=AC), lambda r: r.startswith("SB:SandboxSE|/S3/"))
        await op("api.create_sandbox(again, same bytes)", lambda: create_sandbox([f], client=AC), lambda r: r == pfn)
        dest = TMP / f"out-{G}"; dest.mkdir()
        await op("jobs.get_sandbox_file", lambda: C.jobs.get_sandbox_file(pfn=pfn), lambda r: r.url.startswith("http") and r.expires_in > 0)
        await op("api.download_sandbox", lambda: download_sandbox(pfn, dest, client=AC), lambda r: (dest / f.name).read_text() == "sandbox " + G)
        await op("jobs.assign_sandbox_to_job", lambda: C.jobs.assign_sandbox_to_job(j, json.dumps(pfn)))
        await op("jobs.assign_sandbox_to_job(again)", lambda: C.jobs.assign_sandbox_to_job(j, json.dumps(pfn)), status=400)
        await op("jobs.get_job_sandboxes", lambda: C.jobs.get_job_sandboxes(j), lambda r: len(r["Output"]) == 1)
        await op("jobs.get_job_sandbox(output)", lambda: C.jobs.get_job_sandbox(j, "output"), lambda r: len(r) == 1 and pfn.endswith(r[0].split("|")[-1]))
        await op("jobs.get_job_sandbox(input)", lambda: C.jobs.get_job_sandbox(j, "input"), lambda r: r in ([], [None]))
        await op("jobs.unassign_job_sandboxes", lambda: C.jobs.unassign_job_sandboxes(j))
        await op("jobs.get_job_sandbox(after unassign)", lambda: C.jobs.get_job_sandbox(j, "output"), lambda r: r in ([], [None]))
        await op("jobs.assign_sandbox_to_job(2nd job)", lambda: C.jobs.assign_sandbox_to_job(ids[1], json.dumps(pfn)))
        await op("jobs.unassign_bulk_jobs_sandboxes", lambda: C.jobs.unassign_bulk_jobs_sandboxes(m.BodyJobsUnassignBulkJobsSandboxes(job_ids=ids)))
        await op("jobs.initiate_sandbox_upload(bad checksum)", lambda: C.jobs.initiate_sandbox_upload(m.SandboxInfo(checksum_algorithm="sha256", checksum="00", size=1, format="tar.zst")), status=422)
        await op("jobs.initiate_sandbox_upload(too big)", lambda: C.jobs.initiate_sandbox_upload(m.SandboxInfo(checksum_algorithm="sha256", checksum="0" * 64, size=101 * 1024 * 1024, format="tar.zst")), status=400)
        await op("jobs.get_sandbox_file(not mine)", lambda: C.jobs.get_sandbox_file(pfn=f"SB:SandboxSE|/S3/sandboxes/{VO}/user/mallory/sha256:{'a'*64}.tar.zst"), status=403)
        if not is_async: await AC.close()
    # --- pilots
    if A:
        st = f"st{G}"
        await op("pilots.register_pilot", lambda: A.pilots.register_pilot(pilot_stamp=st, vo=VO, grid_type="DIRAC", grid_site="LCG.Test.org", destination_site="ce.test.org"))
        await op("pilots.register_pilot(again)", lambda: A.pilots.register_pilot(pilot_stamp=st, vo=VO), status=409)
        await op("pilots.register_pilot(unknown VO)", lambda: A.pilots.register_pilot(pilot_stamp=st + "x", vo="nope"), status=400)
        await op("pilots.register_pilot(not admin)", lambda: C.pilots.register_pilot(pilot_stamp=st + "y", vo=VO), status=403)
        await op("pilots.update_pilot_metadata", lambda: A.pilots.update_pilot_metadata({st: m.PilotMetadata(status="Running", bench_mark=12.5, queue="q1", status_reason="ok", current_job_id=j)}))
        await op("pilots.update_pilot_metadata(unknown)", lambda: A.pilots.update_pilot_metadata({st + "z": m.PilotMetadata(status="Running")}), status=404)
        for who, cl in (("admin", A), ("user", C)):
            await op(f"pilots.search({who})", lambda cl=cl: cl.pilots.search(search=[{"parameter": "PilotStamp", "operator": "eq", "value": st}]), lambda r: len(r) == 1 and r[0]["Status"] == "Running" and r[0]["BenchMark"] == 12.5)
        await op("pilots.search(JobID)", lambda: A.pilots.search(search=[{"parameter": "JobID", "operator": "eq", "value": j}]), lambda r: isinstance(r, list))
        await op("pilots.summary", lambda: A.pilots.summary(grouping=["Status"], search=[{"parameter": "PilotStamp", "operator": "eq", "value": st}]), lambda r: r == [{"Status": "Running", "count": 1}])
        await op("jobs.search(PilotStamp)", lambda: C.jobs.search(search=[{"parameter": "PilotStamp", "operator": "eq", "value": st}]), lambda r: isinstance(r, list))
    # --- RSS
    seeded = os.environ.get("DX_RSS_SEEDED") == "1"
    await op("rss.get_site_status", lambda: C.rss.get_site_status(), lambda r: not seeded or "LCG.Test.org" in r)
    await op("rss.get_compute_status", lambda: C.rss.get_compute_status(), lambda r: not seeded or "ce.test.org" in r)
    await op("rss.get_storage_status", lambda: C.rss.get_storage_status(), lambda r: not seeded or "SE-TEST" in r)
    await op("rss.get_fts_status", lambda: C.rss.get_fts_status(), lambda r: not seeded or {"fts.test.org", "FTS-banned"} <= set(r))
    # --- clean up
    await op("jobs.set_job_statuses(Deleted)", lambda: C.jobs.set_job_statuses({str(i): {now(): S("Killed", so="User"), now(.01): S("Deleted", so="User")} for i in ids[:2]}), lambda r: len(r.success) == 2)

async def auth_flows():
    """Device flow, refresh with rotation, reuse detection, revocation, code flow (once, asynchronous client)."""
    if T["user"].get("refresh_token"):
        creds("refresh", T["user"], expires_in=-10)
        async with AsyncDiracClient(endpoint=URL, diracx_preferences=prefs("refresh"), **RT) as c:
            await op("client refreshes an expired access token by itself", lambda: c.auth.userinfo(), lambda r: r.vo == VO)
        await op("credentials file was rewritten", lambda: json.loads((TMP / "refresh.json").read_text()), lambda r: r["access_token"] != T["user"]["access_token"] and r["expires_on"] > time.time())
    (TMP / "none.json").unlink(missing_ok=True)
    async with AsyncDiracClient(endpoint=URL, diracx_preferences=prefs("none"), **RT) as c:
        await op("auth.userinfo(no token)", lambda: c.auth.userinfo(), status=401)
        d = await op("auth.initiate_device_flow", lambda: c.auth.initiate_device_flow(client_id=c.client_id, scope=f"vo:{VO}"), lambda r: r.user_code and r.device_code and r.expires_in > 0)
        await op("auth.initiate_device_flow(unknown VO)", lambda: c.auth.initiate_device_flow(client_id=c.client_id, scope="vo:nope"), status=400)
        await op("auth.initiate_device_flow(bad client)", lambda: c.auth.initiate_device_flow(client_id="nope", scope=f"vo:{VO}"), status=400)
        await op("auth.get_oidc_token(pending)", lambda: c.auth.get_oidc_token(device_code=d.device_code, client_id=c.client_id), lambda r: r.error == "authorization_pending")
        if os.environ.get("DX_AUTO_IDP") != "1":
            return line("SKIP", "device and code flows to the end (DX_AUTO_IDP is not 1)")
        await op("GET verification_uri_complete, follow redirects", lambda: H.get(d.verification_uri_complete, follow_redirects=True), lambda r: r.status_code == 200 and "Please close the window" in r.text)
        t = await op("auth.get_oidc_token(device code)", lambda: c.auth.get_oidc_token(device_code=d.device_code, client_id=c.client_id), lambda r: r.access_token and r.refresh_token)
        t = {"access_token": t.access_token, "refresh_token": t.refresh_token, "expires_in": t.expires_in}
        await op("auth.get_oidc_token(device code again)", lambda: H.post("/api/auth/token", data={"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": d.device_code, "client_id": c.client_id}).status_code, lambda r: r == 400)
        # code flow with PKCE
        ver = secrets.token_urlsafe(48); ch = base64.urlsafe_b64encode(hashlib.sha256(ver.encode()).digest()).decode().rstrip("=")
        red = f"{URL}/api/docs/oauth2-redirect"
        r = H.get("/api/auth/authorize", params={"response_type": "code", "code_challenge": ch, "code_challenge_method": "S256", "client_id": c.client_id, "redirect_uri": red, "scope": f"vo:{VO}", "state": "xyz"}, follow_redirects=True)
        q = dict(r.url.params); await op("auth.authorize, follow redirects", lambda: str(r.url), lambda _: q.get("state") == "xyz" and q.get("code"))
        def grant(**k): return H.post("/api/auth/token", data={"client_id": c.client_id, **k})
        t2 = await op("auth.token(authorization_code)", lambda: grant(grant_type="authorization_code", code=q["code"], redirect_uri=red, code_verifier=ver).json(), lambda r: r["token_type"] == "Bearer" and r["refresh_token"])
        # rotation and reuse detection
        creds("rot", t, expires_in=-10)
    async with AsyncDiracClient(endpoint=URL, diracx_preferences=prefs("rot"), **RT) as c:
        await op("client rotates the refresh token", lambda: c.auth.userinfo(), lambda r: json.loads((TMP / "rot.json").read_text())["refresh_token"] != t["refresh_token"])
        lst = await op("auth.get_refresh_tokens", lambda: c.auth.get_refresh_tokens(), lambda r: len(r) >= 1)
        jti = lambda tok: json.loads(base64.urlsafe_b64decode(tok.split(".")[1] + "=="))["jti"]
        await op("auth.revoke_refresh_token_by_jti", lambda: c.auth.revoke_refresh_token_by_jti(jti(t2["refresh_token"])), lambda r: "revoked" in r.lower())
        await op("auth.revoke_refresh_token_by_jti(unknown)", lambda: c.auth.revoke_refresh_token_by_jti("01900000-0000-7000-8000-000000000000"), status=404)
        await op("auth.revoke_refresh_token_by_jti(malformed)", lambda: c.auth.revoke_refresh_token_by_jti("nope"), status=400)
        await op("auth.token(reused refresh token)", lambda: (lambda r: (r.status_code, r.json()))(grant(grant_type="refresh_token", refresh_token=t["refresh_token"])), lambda r: r[0] == 401)
        new = json.loads((TMP / "rot.json").read_text())["refresh_token"]
        await op("reuse revoked all of the user's refresh tokens", lambda: (lambda r: (r.status_code, r.json()))(grant(grant_type="refresh_token", refresh_token=new)), lambda r: r[0] == 401)
        await op("auth.revoke_refresh_token_by_refresh_token", lambda: c.auth.revoke_refresh_token_by_refresh_token(token=new, client_id=c.client_id), lambda r: "revoked" in r.lower())

async def main():
    global MODE
    A = "admin" in T
    for MODE in ("async", "sync"):
        try:
            if MODE == "async":
                async with AsyncDiracClient(endpoint=URL, diracx_preferences=prefs("user"), **RT) as c:
                    if A:
                        async with AsyncDiracClient(endpoint=URL, diracx_preferences=prefs("admin"), **RT) as a: await scenario(c, a, True)
                    else: await scenario(c, None, True)
            else:
                with SyncDiracClient(endpoint=URL, diracx_preferences=prefs("user"), **RT) as c:
                    a = SyncDiracClient(endpoint=URL, diracx_preferences=prefs("admin"), **RT) if A else None
                    await scenario(c, a, False)
        except Stop as e: line("FAIL", "scenario stopped", e); FAILED.append("scenario")
    MODE = "auth"
    try: await auth_flows()
    except Exception as e: FAILED.append("auth flows"); line("FAIL", "auth flows", repr(e))
    print(f"\n{N - len(FAILED)} passed, {len(FAILED)} failed" + ("" if not FAILED else ": " + ", ".join(FAILED)))
    sys.exit(1 if FAILED else 0)
asyncio.run(main())
