-- The tables of DIRAC v9 as MySQL has them, written down by us: names, types, defaults and keys are
-- those of v9.0.0a31, whose own files and programs (GPL-3.0) are not copied. Tables that Spinor does
-- not look at are left out, but for one in each of the databases that have such.

-- database JobDB
create table JobJDLs (
  JobID int unsigned not null auto_increment primary key,
  JDL mediumtext not null, JobRequirements text not null, OriginalJDL mediumtext not null
) engine InnoDB charset latin1;
create table Jobs (
  JobID int unsigned not null default 0 primary key,
  JobType varchar(32) not null default 'user', JobGroup varchar(32) not null default '00000000',
  Site varchar(100) not null default 'ANY', JobName varchar(128) not null default 'Unknown',
  Owner varchar(64) not null default 'Unknown', OwnerGroup varchar(128) not null default 'Unknown',
  VO varchar(32) not null default 'Unknown',
  SubmissionTime datetime, RescheduleTime datetime, LastUpdateTime datetime,
  StartExecTime datetime, HeartBeatTime datetime, EndExecTime datetime,
  Status varchar(32) not null default 'Received', MinorStatus varchar(128) not null default 'Unknown',
  ApplicationStatus varchar(255) default 'Unknown',
  UserPriority int not null default 0, RescheduleCounter int not null default 0,
  VerifiedFlag enum('True','False') not null default 'False',
  AccountedFlag enum('True','False','Failed') not null default 'False',
  foreign key (JobID) references JobJDLs (JobID),
  key JobType (JobType), key JobGroup (JobGroup), key Site (Site), key Owner (Owner),
  key OwnerGroup (OwnerGroup), key Status (Status), key MinorStatus (MinorStatus),
  key ApplicationStatus (ApplicationStatus), key StatusSite (Status, Site),
  key LastUpdateTime (LastUpdateTime)
) engine InnoDB charset latin1;
create table InputData (
  JobID int unsigned not null, LFN varchar(255) not null default '',
  Status varchar(32) not null default 'AprioriGood',
  primary key (JobID, LFN), foreign key (JobID) references Jobs (JobID)
) engine InnoDB charset latin1;
create table JobParameters (
  JobID int unsigned not null, Name varchar(100) not null, Value text not null,
  primary key (JobID, Name), foreign key (JobID) references Jobs (JobID)
) engine InnoDB charset latin1;
create table OptimizerParameters (
  JobID int unsigned not null, Name varchar(100) not null, Value mediumtext not null,
  primary key (JobID, Name), foreign key (JobID) references Jobs (JobID)
) engine InnoDB charset latin1;
create table AtticJobParameters (
  JobID int unsigned not null, Name varchar(100) not null, Value text not null,
  RescheduleCycle int unsigned not null,
  primary key (JobID, Name, RescheduleCycle), foreign key (JobID) references Jobs (JobID)
) engine InnoDB charset latin1;
create table HeartBeatLoggingInfo (
  JobID int unsigned not null, Name varchar(100) not null, Value text not null,
  HeartBeatTime datetime not null,
  primary key (JobID, Name, HeartBeatTime), foreign key (JobID) references Jobs (JobID)
) engine InnoDB charset latin1;
create table JobCommands (
  JobID int unsigned not null, Command varchar(100) not null, Arguments varchar(100) not null,
  Status varchar(64) not null default 'Received', ReceptionTime datetime not null,
  ExecutionTime datetime,
  primary key (JobID, Arguments, ReceptionTime), foreign key (JobID) references Jobs (JobID)
) engine InnoDB charset latin1;

-- database JobLoggingDB
create table LoggingInfo (
  JobID int not null, SeqNum int not null default 0, Status varchar(32) not null default '',
  MinorStatus varchar(128) not null default '', ApplicationStatus varchar(255) not null default '',
  StatusTime datetime not null, StatusTimeOrder double(12,3) not null,
  StatusSource varchar(32) not null default 'Unknown', primary key (JobID, SeqNum)
) engine InnoDB;
create trigger SeqNumGenerator before insert on LoggingInfo for each row
  set new.SeqNum = (select ifnull(max(SeqNum) + 1, 1) from LoggingInfo where JobID = new.JobID);

-- database PilotAgentsDB
create table PilotAgents (
  PilotID int unsigned not null auto_increment primary key,
  InitialJobID int unsigned not null default 0, CurrentJobID int unsigned not null default 0,
  PilotJobReference varchar(255) not null default 'Unknown', PilotStamp varchar(32) not null default '',
  DestinationSite varchar(128) not null default 'NotAssigned', Queue varchar(128) not null default 'Unknown',
  GridSite varchar(128) not null default 'Unknown', VO varchar(128) not null,
  GridType varchar(32) not null default 'LCG', BenchMark double not null default 0.0,
  SubmissionTime datetime, LastUpdateTime datetime, Status varchar(32) not null default 'Unknown',
  StatusReason varchar(255) not null default 'Unknown',
  AccountingSent enum('True','False') not null default 'False',
  key PilotJobReference (PilotJobReference), key Status (Status),
  key Statuskey (GridSite, DestinationSite, Status)
) engine InnoDB charset latin1;
create table JobToPilotMapping (
  PilotID int unsigned not null, JobID int unsigned not null, StartTime datetime not null,
  key JobID (JobID), key PilotID (PilotID)
) engine InnoDB charset latin1;
create table PilotOutput (
  PilotID int unsigned not null primary key, StdOutput mediumtext, StdError mediumtext
) engine InnoDB charset latin1;

-- database TaskQueueDB
create table tq_TaskQueues (
  TQId int unsigned not null auto_increment primary key, Owner varchar(255) not null,
  OwnerGroup varchar(32) not null, VO varchar(32) not null, CPUTime bigint unsigned not null,
  Priority float not null, Enabled tinyint(1) not null default 0,
  key TQOwner (Owner, OwnerGroup, CPUTime)
) engine InnoDB charset latin1;
create table tq_Jobs (
  TQId int unsigned not null, JobId int unsigned not null primary key,
  Priority int unsigned not null, RealPriority float not null,
  key TaskIndex (TQId), foreign key (TQId) references tq_TaskQueues (TQId) on delete restrict
) engine InnoDB charset latin1;
create table tq_TQToSites (
  TQId int unsigned not null, Value varchar(64) not null, primary key (TQId, Value),
  key TaskIndex (TQId), key SitesIndex (Value),
  foreign key (TQId) references tq_TaskQueues (TQId) on delete restrict
) engine InnoDB charset latin1;

-- database SandboxMetadataDB
create table sb_Owners (
  OwnerId int unsigned not null auto_increment primary key, Owner varchar(32) not null,
  OwnerGroup varchar(32) not null, VO varchar(64) not null
) engine InnoDB charset latin1;
create table sb_SandBoxes (
  SBId int unsigned not null auto_increment primary key, OwnerId int unsigned not null,
  SEName varchar(64) not null, SEPFN varchar(512) not null, Bytes bigint not null default 0,
  RegistrationTime datetime not null, LastAccessTime datetime not null,
  Assigned tinyint not null default 0, key SBOwner (OwnerId), unique key Location (SEName, SEPFN)
) engine InnoDB charset latin1;
create table sb_EntityMapping (
  SBId int unsigned not null, EntityId varchar(128) not null, Type varchar(64) not null,
  key Entity (EntityId), key SBIndex (SBId), unique key Mapping (SBId, EntityId, Type)
) engine InnoDB charset latin1;

-- database ResourceStatusDB
create table SiteStatus (
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc',
  primary key (Name, StatusType, VO)
) engine InnoDB charset utf8;
create table ResourceStatus (
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc',
  primary key (Name, StatusType, VO)
) engine InnoDB charset utf8;
create table NodeStatus (
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc',
  primary key (Name, StatusType, VO)
) engine InnoDB charset utf8;
create table SiteLog (
  ID bigint not null auto_increment primary key,
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc'
) engine InnoDB charset utf8;
create table SiteHistory (
  ID bigint not null auto_increment primary key,
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc'
) engine InnoDB charset utf8;
create table ResourceLog (
  ID bigint not null auto_increment primary key,
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc'
) engine InnoDB charset utf8;
create table ResourceHistory (
  ID bigint not null auto_increment primary key,
  Name varchar(64) not null, StatusType varchar(128) not null default 'all',
  VO varchar(64) not null default 'all', Status varchar(8) not null default '',
  Reason varchar(512) not null default 'Unspecified', DateEffective datetime not null,
  TokenExpiration datetime not null default '9999-12-31 23:59:59',
  ElementType varchar(32) not null default '',
  LastCheckTime datetime not null default '1000-01-01 00:00:00',
  TokenOwner varchar(16) not null default 'rs_svc'
) engine InnoDB charset utf8;
