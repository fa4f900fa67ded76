# The image of a worker: `docker compose up --build` (docs/how-to/run-the-queue.md).
FROM python:3.13-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY rewriter rewriter
COPY prompts prompts
# The lock's versions without what only developers need.
RUN sed -e '/--hash=/d' -e 's/ *\\$//' requirements.lock > versions.txt \
    && python -m venv /opt/rewriter \
    && /opt/rewriter/bin/pip install --no-cache-dir --constraint versions.txt .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home rewriter
COPY --from=build /opt/rewriter /opt/rewriter
COPY worker.py /home/rewriter/worker.py
ENV PATH=/opt/rewriter/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /home/rewriter
USER 10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["rewriter"]
CMD ["worker"]
