"""The commands of the pages that no test runs, each with the reason."""

_SUITE = "It runs the suite that this test is a part of."
_DOCKER = "It needs Docker."
_INDEX = "It needs the package index; tests reach nothing but this machine."
_MINUTES = "It measures for minutes."
_ROOT = "It needs root."
_PORT = "It takes a fixed port."
_BUCKET = "It needs a bucket; tests/test_object_store.py runs the command against one."
_FOREVER = "It runs until somebody ends it."

_MEASURED = (
    "scale --articles 20000",
    "soak --short",
    "throughput --in-flight 200 --latency 10 --waves 6",
    "throughput --in-flight 200 --latency 10 --waves 6 --reader off --way workers",
    "throughput --in-flight 500 --latency 10 --waves 4 --reader off --way workers",
    "throughput --in-flight 500 --latency 2 --waves 8 --reader off --way engines --way workers",
    "throughput --in-flight 500 --latency 2 --waves 8 --reader off --checks off --way workers",
)

NOT_RUN = {
    "make test": _SUITE,
    "sudo chown -R 10001 content": _ROOT,
    "docker compose up --build --detach": _DOCKER,
    "docker compose run --rm worker submit /content/raw --out /content/site --batch first": _DOCKER,
    "docker compose run --rm worker status first --watch": _DOCKER,
    "sudo cp deploy/systemd/rewriter@.service /etc/systemd/system/": _ROOT,
    "sudo systemctl enable --now rewriter@one rewriter@two": _ROOT,
    **{f"python -m benchmarks.{measured}": _MINUTES for measured in _MEASURED},
    "python3 -m venv .venv": "The test's own environment stands there.",
    ".venv/bin/pip install .": _INDEX,
    ".venv/bin/pip install '.[local]'": _INDEX,
    ".venv/bin/pip install '.[embedded]'": _INDEX,
    "git pull": "It needs the repository that the checkout was cloned from.",
    ".venv/bin/pip install --upgrade .": _INDEX,
    "docker build --tag rewriter .": _DOCKER,
    'docker run --rm -v "$PWD/content:/content" rewriter plan /content/raw': _DOCKER,
    "docker compose build --pull": _DOCKER,
    "docker compose up --detach --no-recreate --scale worker=4": _DOCKER,
    "docker compose up --detach": _DOCKER,
    "rewriter worker --metrics-address 127.0.0.1:9464": _PORT,
    "curl http://127.0.0.1:9464/metrics": _PORT,
    "prometheus --config.file=deploy/prometheus/prometheus.yml "
    "--storage.tsdb.path=/tmp/rewriter-prometheus --web.listen-address=127.0.0.1:9090": _PORT,
    "REWRITER_BASE_URL=http://127.0.0.1:9/v1 "
    "rewriter worker --metrics-address 127.0.0.1:9464": _PORT,
    "pip install flower": _INDEX,
    "pip install 'rewriter[otel]'": _INDEX,
    "pip install 'rewriter[s3]'": _INDEX,
    "rewriter plan s3://news/raw --out s3://news/site": _BUCKET,
    "rewriter rewrite s3://news/raw --out s3://news/site": _BUCKET,
    "rewriter submit s3://news/raw --out s3://news/site --batch first": _BUCKET,
    "rewriter publish s3://news/raw/ferries.txt --reason 'confirmed by phone'": _BUCKET,
    "rewriter restore s3://news/raw/ferries.txt": _BUCKET,
    "export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318": "Nothing listens there.",
    "redis-cli -u \"$REWRITER_REDIS_URL\" --scan --pattern 'rewriter:{*}:*' "
    "| grep -v '^rewriter:{[^}]*}:3:' "
    '| xargs -r redis-cli -u "$REWRITER_REDIS_URL" unlink': "It needs Redis's own client.",
    "celery -A rewriter.worker flower --address=127.0.0.1 --port=5555": _FOREVER,
}
