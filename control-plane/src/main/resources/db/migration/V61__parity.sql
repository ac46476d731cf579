create table parity_report (
    -- The tree that holds report.json.
    digest text not null,
    job_id text primary key,
    promotion_id text,
    verdict text not null,
    sentence text not null,
    inputs integer not null,
    judged_at timestamptz not null,
    -- The whole report.json, at most 4 MiB; json rather than jsonb keeps it as it was written. Null where it cannot be read.
    report json
);
create index parity_report_by_digest on parity_report (digest);
create index parity_report_by_promotion on parity_report (promotion_id);
create index parity_report_by_time on parity_report (judged_at desc, job_id desc);
