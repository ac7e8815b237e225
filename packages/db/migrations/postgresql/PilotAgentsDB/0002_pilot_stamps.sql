CREATE TABLE "spinor_PilotStamps" (
	"PilotStamp" varchar(32) PRIMARY KEY NOT NULL
);

