create table join_token (
    hash       bytea primary key,
    agent      text        not null,
    pool       text        not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

create table agent (
    name            text collate "C" primary key,
    pool            text        not null,
    -- X.509 SubjectPublicKeyInfo of an Ed25519 key, DER.
    public_key      bytea       not null,
    admission       text        not null,
    link            text        not null,
    -- Since when the link is what it is.
    link_since      timestamptz not null,
    reason_code     text,
    reason_sentence text,
    machine         text,
    free_bytes      text        not null default '{}',
    enrolled_at     timestamptz not null,
    last_seen_at    timestamptz
);

-- Which trees an agent has in its cache: the scheduler prefers those that need to fetch less.
create table agent_tree (
    agent text collate "C" not null references agent (name) on delete cascade,
    tree  text             not null,
    primary key (agent, tree)
);
