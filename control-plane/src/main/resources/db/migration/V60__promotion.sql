-- Environments: pools plus policy.
create table environment (
    name text primary key check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    reference_pool text not null,
    candidate_pool text not null,
    target_format text not null,
    stand_ins text not null check (stand_ins in ('REFUSED', 'ACCEPTED')),
    approval text not null check (approval in ('NOT_NEEDED', 'REQUIRED')),
    minimum_inputs integer not null check (minimum_inputs >= 1),
    -- Limits of the normalised RMSE by dtype or output name; none means the uncalibrated defaults.
    normalised_rmse jsonb not null
);

-- 59 clean inputs bound the failure rate by 5 % at 95 % confidence.
insert into environment
    (name, reference_pool, candidate_pool, target_format, stand_ins, approval, minimum_inputs, normalised_rmse)
values
    ('dev', 'mac', 'cuda', 'ONNX', 'ACCEPTED', 'NOT_NEEDED', 1, '{}'),
    ('prod', 'mac', 'cuda', 'ONNX', 'REFUSED', 'REQUIRED', 59, '{}');

create table promotion (
    id text primary key,
    revision bigint not null,
    idempotency_key text not null unique,
    -- The request as it was made, to tell a repeated start from another one under the same key.
    requested_ref text not null,
    requested_suite text,
    model text not null,
    version integer not null,
    environment text not null,
    -- The environment as it was at the start: what governs this promotion.
    environment_json jsonb not null,
    state text not null,
    reason_code text not null,
    reason_sentence text not null,
    source_digest text not null,
    source_format text not null,
    suite_digest text not null,
    candidate_digest text,
    report_digest text,
    verdict text,
    verdict_sentence text,
    convert_job text,
    reference_job text,
    candidate_job text,
    compare_job text,
    -- W3C Trace Context of the start; every job of the promotion belongs to the same trace.
    traceparent text not null,
    started_by text not null,
    approved_by text,
    started_at timestamptz not null,
    finished_at timestamptz,
    -- Where the alias pointed before; all null where it did not exist.
    previous_version integer,
    previous_digest text,
    previous_format text,
    previous_promotion text
);

create unique index promotion_one_active on promotion (model, environment)
    where state in ('CONVERTING', 'VALIDATING', 'AWAITING_APPROVAL', 'DEPLOYING');
create index promotion_by_model on promotion (model, id desc);

create table promotion_change (
    promotion_id text not null references promotion,
    number integer not null,
    from_state text not null,
    to_state text not null,
    at timestamptz not null,
    reason_code text not null,
    reason_sentence text not null,
    primary key (promotion_id, number)
);
