-- Secrets never arrive here: hash is the SHA-256 of 256 random bits.
create table access_token (
    name text primary key,
    hash text not null unique check (length(hash) = 64),
    role text not null check (role in ('VIEWER', 'SUBMITTER', 'PROMOTER', 'ADMIN')),
    created_at timestamptz not null,
    expires_at timestamptz
);
