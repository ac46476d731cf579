-- Grows with every attempt of any job.
create sequence attempt_fence;

-- A job and its latest attempt are one row, so that one write moves both and one condition checks the fence.
create table job (
    id               text collate "C" primary key,
    idempotency_key  text,
    -- SHA-256 of the specification as it was asked for.
    payload_hash     bytea       not null,
    spec             text        not null,
    priority         integer     not null,
    memory_bytes     bigint      not null,
    submitter        text        not null,
    promotion_id     text,
    traceparent      text        not null,
    submitted_at     timestamptz not null,

    state            text        not null,
    reason_code      text,
    reason_sentence  text,
    cancel_requested boolean     not null default false,
    due_at           timestamptz,
    finished_at      timestamptz,
    outputs          text,
    result           text,

    attempt          integer     not null default 0,
    attempt_state    text,
    attempt_code     text,
    attempt_sentence text,
    agent            text collate "C",
    device           text,
    fence            bigint,
    placed_at        timestamptz,
    started_at       timestamptz,
    attempt_ended_at timestamptz,
    lease_until      timestamptz,
    progress         real,
    exit_code        integer,
    sequence         bigint
);

create unique index job_key on job (idempotency_key) where idempotency_key is not null;
create index job_waiting on job (priority desc, id) where state in ('SUBMITTED', 'RECOVERING');
create index job_held on job (agent) where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN');
create index job_promotion on job (promotion_id) where promotion_id is not null;

-- Attempts that a later one replaced.
create table past_attempt (
    job_id     text collate "C" not null references job (id) on delete cascade,
    number     integer          not null,
    agent      text             not null,
    device     text             not null,
    fence      bigint           not null,
    state      text             not null,
    code       text,
    sentence   text,
    placed_at  timestamptz      not null,
    started_at timestamptz,
    ended_at   timestamptz,
    lease_until timestamptz     not null,
    progress   real             not null,
    exit_code  integer          not null,
    sequence   bigint           not null,
    primary key (job_id, number)
);
