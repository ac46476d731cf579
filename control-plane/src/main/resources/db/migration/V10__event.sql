-- Transactional outbox. The relay sends rows in the order of id and marks them; ids can commit out of order across
-- transactions, so a relay must look for unsent rows and not keep a high-water mark.
create table event_outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null default gen_random_uuid() unique,
    type text not null,
    entity text not null,
    entity_key text not null,
    payload jsonb not null,
    occurred_at timestamptz not null,
    sent_at timestamptz
);

create index event_outbox_unsent on event_outbox (id) where sent_at is null;
