# The image of a worker: `docker compose up --build` (docs/how-to/run-the-queue.md).
# `make pin-images` adds the digests of the images; it asks their registry.
FROM python:3.13.9-slim-bookworm AS build
WORKDIR /build
COPY requirements-image.lock ./
RUN python -m venv /opt/rewriter \
    && /opt/rewriter/bin/pip install --no-cache-dir --require-hashes --requirement requirements-image.lock
COPY pyproject.toml README.md LICENSE ./
COPY rewriter rewriter
COPY prompts prompts
# All that it needs is installed by now: nothing is downloaded without a hash.
RUN /opt/rewriter/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13.9-slim-bookworm
RUN useradd --uid 10001 --create-home rewriter
COPY --from=build /opt/rewriter /opt/rewriter
COPY worker.py /home/rewriter/worker.py
ENV PATH=/opt/rewriter/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /home/rewriter
USER 10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["rewriter"]
CMD ["worker"]
