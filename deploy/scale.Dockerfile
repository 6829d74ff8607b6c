# The image for a Ray cluster: that of the Dockerfile, and Ray.
#
#   docker build -t asl .
#   docker build -f deploy/scale.Dockerfile -t REGISTRY/asl:scale .
#
# For GPUs, `--build-arg BASE=asl:gpu`.
ARG BASE=asl
FROM python:3.12-slim-bookworm AS packages
COPY requirements-scale.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --no-deps --requirement requirements-scale.txt \
    && /venv/bin/pip uninstall --yes pip

# hadolint ignore=DL3006
FROM ${BASE}
USER 0
# KubeRay's probes of a node call wget.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends wget \
    && rm -rf /var/lib/apt/lists/*
# What both lists pin, they pin alike (tests/test_requirements.py).
COPY --from=packages /venv /venv
USER 10001
# KubeRay starts Ray in the place of the command.
ENTRYPOINT []
CMD ["ray", "start", "--head", "--block"]
