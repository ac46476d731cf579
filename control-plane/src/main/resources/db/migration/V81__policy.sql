-- What else an environment's policy says: claim, noise and allowed_findings. What is missing takes its default.
alter table environment add column judging jsonb not null default '{}';
