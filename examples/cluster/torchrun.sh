#!/usr/bin/env bash
# One step on several machines, by hand: start this on each of them, with the same settings.
#
#   MAIN=node0 NODES=8 GPUS=8 STEP=teacher-1 RUNS=/shared/runs examples/cluster/torchrun.sh
#
# MAIN is any one of the machines, which the others can reach; RUNS lies on storage that all share. More words are
# passed on, such as `--set data=/shared/data`. Killed, and started again, the step goes on from its last checkpoint.
set -euo pipefail

: "${MAIN:?the host where the processes meet}" "${RUNS:?a folder that all machines share}"
STEP="${STEP:-teacher-1}"
RECIPE="${RECIPE:-$(dirname "$0")/../../recipes/alexatm-paper.yaml}"

export OMP_NUM_THREADS="${OMP_NUM_THREADS:-8}"
exec torchrun \
  --nnodes="${NODES:-8}" \
  --nproc-per-node="${GPUS:-8}" \
  --rdzv-backend=c10d \
  --rdzv-endpoint="$MAIN:${PORT:-29500}" \
  --rdzv-id="$STEP" \
  --max-restarts=3 \
  -m understudy step "$RECIPE" "$STEP" --runs "$RUNS" "$@"
