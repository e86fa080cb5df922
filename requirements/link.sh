#!/bin/sh
# Put this working tree and its command into a virtual environment: link.sh VENV
# A .pth line and a two-line script do what an editable install does, without a build backend.
# With -P, no file of the folder that the command is called in is imported.
set -eu
venv=$1
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd > "$site/cloister-gateway.pth"
cat > "$venv/bin/cloister" <<'SCRIPT'
#!/bin/sh
exec "$(dirname "$0")/python" -P -m gateway "$@"
SCRIPT
chmod 755 "$venv/bin/cloister"
