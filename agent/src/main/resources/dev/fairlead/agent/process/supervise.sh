#!/bin/sh
# supervise.sh FOLDER WORKDIR PROGRAM [ARGUMENT…]
# Runs PROGRAM in WORKDIR as a member of this shell's own process group and leaves in FOLDER:
#   started/  made by whoever decides first whether the program runs: this script or an agent that recovers
#   pid       this shell's process id, which is the group's too
#   log       standard output and error
#   exit      the exit status, in one step, once the program has ended
folder=$1
workdir=$2
shift 2
exec </dev/null >>"$folder/log" 2>&1
mkdir "$folder/started" || exit 75
printf '%s\n' "$$" >"$folder/pid.next" && mv "$folder/pid.next" "$folder/pid" || exit 75
# A signal to the group must not end the shell before it has written the status. A trapped signal, unlike an
# ignored one, has its default effect in the program.
trap : TERM INT HUP
cd "$workdir" || {
    printf '72\n' >"$folder/exit.next" && mv "$folder/exit.next" "$folder/exit"
    exit 72
}
"$@" &
child=$!
# wait ends early when a signal comes; the program may still be shutting down.
while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || break
done
printf '%s\n' "$status" >"$folder/exit.next" && mv "$folder/exit.next" "$folder/exit"
