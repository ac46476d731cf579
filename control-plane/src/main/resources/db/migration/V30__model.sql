create table model_version (
    model text not null,
    version integer not null check (version > 0),
    tree text not null references artifact_tree,
    format text not null check (format in ('MLX', 'ONNX', 'COREML')),
    suite text references artifact_tree,
    job_id text,
    created_at timestamptz not null,
    primary key (model, version)
);

create unique index model_version_same on model_version (model, tree, coalesce(suite, ''));
create index model_version_tree on model_version (tree);
create index model_version_suite on model_version (suite);

-- Every move of every alias. The newest of an alias is where it points: undoing is one more move.
create table model_alias_move (
    id bigint generated always as identity primary key,
    model text not null,
    environment text not null,
    version integer not null,
    tree text not null references artifact_tree,
    format text not null check (format in ('MLX', 'ONNX', 'COREML')),
    promotion_id text not null,
    moved_at timestamptz not null,
    foreign key (model, version) references model_version
);

create index model_alias_move_newest on model_alias_move (model, environment, id desc);
create index model_alias_move_tree on model_alias_move (tree);
