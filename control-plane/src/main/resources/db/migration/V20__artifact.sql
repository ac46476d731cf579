-- touched_at moves whenever somebody is told to rely on a row; garbage collection deletes only what has rested.
create table artifact_blob (
    digest text primary key,
    size bigint not null check (size >= 0),
    stored_at timestamptz not null,
    touched_at timestamptz not null
);

create table artifact_tree (
    digest text primary key,
    total_bytes bigint not null,
    committed_at timestamptz not null,
    touched_at timestamptz not null
);

create index artifact_tree_newest on artifact_tree (committed_at desc);

-- The reference to the blob is the last line of defence: a blob in a tree cannot be deleted.
create table artifact_tree_file (
    tree text not null references artifact_tree on delete cascade,
    path text not null,
    blob text not null references artifact_blob,
    size bigint not null,
    primary key (tree, path)
);

create index artifact_tree_file_blob on artifact_tree_file (blob);
