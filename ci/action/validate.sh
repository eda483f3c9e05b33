#!/usr/bin/env bash
# What action.yml runs: `ensemble validate` with the inputs of the action, which arrive as ENSEMBLE_* variables (action.yml says what each means).
# Works with the bash 3.2 of macOS.
set -euo pipefail

# Says what is wrong with the inputs, as an annotation, and ends as the CLI does for a bad command line.
fail() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  echo "::error title=ensemble validate::${text//$'\n'/%0A}"
  echo 'exit-code=2' >>"$GITHUB_OUTPUT"
  exit 2
}

# Adds `--NAME` for an input that is `true`.
add_switch() {
  case $2 in
    true) args+=("--$1") ;;
    false | '') ;;
    *) fail "the input \`$1\` takes true or false, not \`$2\`" ;;
  esac
}

# Calls a function with each line of a text that is not blank, without the white space around it.
each_line() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    if [[ -n $line ]]; then "$1" "$line"; fi
  done <<<"$2"
}
add_rule() { args+=(--rule "$1"); }
add_path() { args+=("$1"); }

# Sets `ensemble` to the command that starts the CLI.
find_ensemble() {
  local own=$GITHUB_ACTION_PATH
  if [[ -n ${ENSEMBLE_VERSION:-} ]]; then
    [[ $ENSEMBLE_VERSION =~ ^[0-9A-Za-z.+~^-]+$ ]] || fail "the input \`version\` takes a version such as 0.1.0, not \`$ENSEMBLE_VERSION\`"
    ensemble=(npx --yes --package "ensemble-run@$ENSEMBLE_VERSION" -- ensemble)
    return
  fi
  local folder
  for folder in . "${GITHUB_WORKSPACE:-.}"; do
    if [[ -f $folder/node_modules/ensemble-run/bin/ensemble.js ]]; then
      ensemble=(node "$folder/node_modules/ensemble-run/bin/ensemble.js")
      return
    fi
  done
  # The action's own checkout holds sources: `npm ci` builds them. Its progress is of no interest among the findings.
  if [[ ! -f $own/dist/cli.js ]]; then (cd "$own" && npm ci --no-audit --no-fund >&2); fi
  ensemble=(node "$own/bin/ensemble.js")
}

cd -- "${ENSEMBLE_WORKING_DIRECTORY:-.}" || fail "there is no folder \`$ENSEMBLE_WORKING_DIRECTORY\` (input \`working-directory\`)"

format=${ENSEMBLE_FORMAT:-github}
args=(--format "$format")
add_switch strict "${ENSEMBLE_STRICT:-}"
add_switch quiet "${ENSEMBLE_QUIET:-}"
if [[ -n ${ENSEMBLE_MAX_WARNINGS:-} ]]; then args+=(--max-warnings "$ENSEMBLE_MAX_WARNINGS"); fi
each_line add_rule "${ENSEMBLE_RULES:-}"
# What follows is a path, even if it begins with a dash.
args+=(--)
each_line add_path "${ENSEMBLE_PATHS:-}"

find_ensemble

# `compact` has no annotations of its own: GitHub reads them out of its lines, while this step lasts.
leave=()
finish() { if ((${#leave[@]})); then printf '%s\n' "${leave[@]}"; fi; }
trap finish EXIT
if [[ $format == compact ]]; then
  echo "::add-matcher::$GITHUB_ACTION_PATH/ci/problem-matcher.json"
  leave=('::remove-matcher owner=ensemble::')
fi
# Only `github` prints commands to the runner. Whatever looks like one among the findings of another format is text of a file.
if [[ $format != github ]]; then
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  leave=("::$token::" ${leave[@]+"${leave[@]}"})
fi

status=0
if [[ -n ${ENSEMBLE_OUTPUT:-} ]]; then
  "${ensemble[@]}" validate "${args[@]}" >"$ENSEMBLE_OUTPUT" || status=$?
else
  "${ensemble[@]}" validate "${args[@]}" || status=$?
fi
echo "exit-code=$status" >>"$GITHUB_OUTPUT"
exit "$status"
