# Sourced by the commands beside it: sets $root to the project's folder and $python to a Python
# that the portal runs on, or says what is missing and stops.

root=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd) || exit 1

suits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1
}

python=
for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if suits "$name"; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo "none")
    echo "Python 3.11 to 3.14 is needed and ${PYTHON:-python3} here is ${found}; install one, or name it: PYTHON=/path/to/python3.12 $0" >&2
    exit 1
fi
