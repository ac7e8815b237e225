CREATE TABLE "spinor_outbox" (
	"ID" bigserial PRIMARY KEY NOT NULL,
	"DatabaseName" varchar(32) NOT NULL,
	"DocumentID" varchar(64) collate "C" NOT NULL,
	"Number" bigint NOT NULL,
	"VO" varchar(128) collate "C" NOT NULL,
	"Document" json NOT NULL,
	"Since" timestamp(6) NOT NULL,
	"Refusal" varchar(255) collate "C"
);

--> statement-breakpoint
CREATE INDEX "spinor_outbox_DocumentID" ON "spinor_outbox" USING btree ("DocumentID","DatabaseName");
