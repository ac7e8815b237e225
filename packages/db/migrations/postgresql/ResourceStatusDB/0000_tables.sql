CREATE TABLE "SiteStatus" (
	"Name" varchar(64) NOT NULL,
	"StatusType" varchar(128) DEFAULT 'all' NOT NULL,
	"VO" varchar(64) DEFAULT 'all' NOT NULL,
	"Status" varchar(8) DEFAULT '' NOT NULL,
	"Reason" varchar(512) DEFAULT 'Unspecified' NOT NULL,
	"DateEffective" timestamp(6) NOT NULL,
	"TokenExpiration" timestamp(6) DEFAULT '9999-12-31 23:59:59' NOT NULL,
	"ElementType" varchar(32) DEFAULT '' NOT NULL,
	"LastCheckTime" timestamp(6) DEFAULT '1000-01-01 00:00:00' NOT NULL,
	"TokenOwner" varchar(16) DEFAULT 'rs_svc' NOT NULL,
	CONSTRAINT "SiteStatus_pk" PRIMARY KEY("Name","StatusType","VO")
);

--> statement-breakpoint
CREATE TABLE "ResourceStatus" (
	"Name" varchar(64) NOT NULL,
	"StatusType" varchar(128) DEFAULT 'all' NOT NULL,
	"VO" varchar(64) DEFAULT 'all' NOT NULL,
	"Status" varchar(8) DEFAULT '' NOT NULL,
	"Reason" varchar(512) DEFAULT 'Unspecified' NOT NULL,
	"DateEffective" timestamp(6) NOT NULL,
	"TokenExpiration" timestamp(6) DEFAULT '9999-12-31 23:59:59' NOT NULL,
	"ElementType" varchar(32) DEFAULT '' NOT NULL,
	"LastCheckTime" timestamp(6) DEFAULT '1000-01-01 00:00:00' NOT NULL,
	"TokenOwner" varchar(16) DEFAULT 'rs_svc' NOT NULL,
	CONSTRAINT "ResourceStatus_pk" PRIMARY KEY("Name","StatusType","VO")
);

--> statement-breakpoint
CREATE TABLE "SiteLog" (
	"ID" bigserial PRIMARY KEY NOT NULL,
	"Name" varchar(64) NOT NULL,
	"StatusType" varchar(128) DEFAULT 'all' NOT NULL,
	"VO" varchar(64) DEFAULT 'all' NOT NULL,
	"Status" varchar(8) DEFAULT '' NOT NULL,
	"Reason" varchar(512) DEFAULT 'Unspecified' NOT NULL,
	"DateEffective" timestamp(6) NOT NULL,
	"TokenExpiration" timestamp(6) DEFAULT '9999-12-31 23:59:59' NOT NULL,
	"ElementType" varchar(32) DEFAULT '' NOT NULL,
	"LastCheckTime" timestamp(6) DEFAULT '1000-01-01 00:00:00' NOT NULL,
	"TokenOwner" varchar(16) DEFAULT 'rs_svc' NOT NULL
);

--> statement-breakpoint
CREATE TABLE "SiteHistory" (
	"ID" bigserial PRIMARY KEY NOT NULL,
	"Name" varchar(64) NOT NULL,
	"StatusType" varchar(128) DEFAULT 'all' NOT NULL,
	"VO" varchar(64) DEFAULT 'all' NOT NULL,
	"Status" varchar(8) DEFAULT '' NOT NULL,
	"Reason" varchar(512) DEFAULT 'Unspecified' NOT NULL,
	"DateEffective" timestamp(6) NOT NULL,
	"TokenExpiration" timestamp(6) DEFAULT '9999-12-31 23:59:59' NOT NULL,
	"ElementType" varchar(32) DEFAULT '' NOT NULL,
	"LastCheckTime" timestamp(6) DEFAULT '1000-01-01 00:00:00' NOT NULL,
	"TokenOwner" varchar(16) DEFAULT 'rs_svc' NOT NULL
);

--> statement-breakpoint
CREATE TABLE "ResourceLog" (
	"ID" bigserial PRIMARY KEY NOT NULL,
	"Name" varchar(64) NOT NULL,
	"StatusType" varchar(128) DEFAULT 'all' NOT NULL,
	"VO" varchar(64) DEFAULT 'all' NOT NULL,
	"Status" varchar(8) DEFAULT '' NOT NULL,
	"Reason" varchar(512) DEFAULT 'Unspecified' NOT NULL,
	"DateEffective" timestamp(6) NOT NULL,
	"TokenExpiration" timestamp(6) DEFAULT '9999-12-31 23:59:59' NOT NULL,
	"ElementType" varchar(32) DEFAULT '' NOT NULL,
	"LastCheckTime" timestamp(6) DEFAULT '1000-01-01 00:00:00' NOT NULL,
	"TokenOwner" varchar(16) DEFAULT 'rs_svc' NOT NULL
);

--> statement-breakpoint
CREATE TABLE "ResourceHistory" (
	"ID" bigserial PRIMARY KEY NOT NULL,
	"Name" varchar(64) NOT NULL,
	"StatusType" varchar(128) DEFAULT 'all' NOT NULL,
	"VO" varchar(64) DEFAULT 'all' NOT NULL,
	"Status" varchar(8) DEFAULT '' NOT NULL,
	"Reason" varchar(512) DEFAULT 'Unspecified' NOT NULL,
	"DateEffective" timestamp(6) NOT NULL,
	"TokenExpiration" timestamp(6) DEFAULT '9999-12-31 23:59:59' NOT NULL,
	"ElementType" varchar(32) DEFAULT '' NOT NULL,
	"LastCheckTime" timestamp(6) DEFAULT '1000-01-01 00:00:00' NOT NULL,
	"TokenOwner" varchar(16) DEFAULT 'rs_svc' NOT NULL
);

