# The dashboard with its HTTP service, as an image that reads: packages of 0.9 GB, no PyTorch.
#
#   docker build -t asl .
#   docker run --read-only --tmpfs /tmp -p 8501:8501 asl
#
# With PyTorch, for NVIDIA GPUs (the packages bring CUDA; the host has the driver):
#
#   docker build --build-arg REQUIREMENTS=requirements.txt -t asl:gpu .
#   docker run --gpus all --read-only --tmpfs /tmp -p 8501:8501 asl:gpu
#
# The HTTP service alone: docker run ... asl serve --host 0.0.0.0 --port 8501

FROM python:3.12-slim-bookworm AS packages
ARG REQUIREMENTS=requirements-light.txt
WORKDIR /asl
COPY requirements.txt requirements-light.txt ./
COPY wheels wheels
# --no-deps: the list names everything, and leaves out the OpenCV build that needs a screen.
# What only tests, compilers, notebooks and Arrow's network protocol need stays out.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --no-deps --requirement "$REQUIREMENTS" \
    && /venv/bin/pip uninstall --yes setuptools pip \
    && find /venv/lib \( -name tests -o -name include -o -path '*/nbextension/static' -o -name labextension -o -path '*/onnxruntime/transformers' -o -name '*arrow*flight*' -o -name '_flight*' \) -prune -exec rm -r {} +

FROM python:3.12-slim-bookworm
# MediaPipe's library is linked against EGL and OpenGL ES, even where it runs on the CPU.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libegl1 libgles2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /tmp asl
COPY --from=packages /venv /venv
WORKDIR /asl
COPY app.py pyproject.toml ./
COPY .streamlit .streamlit
COPY pages pages
COPY asl_core asl_core
COPY models models
# Bytecode of what is used, and of nothing else: the root file system takes none later.
RUN /venv/bin/python -c "from pages.panels.frame.loading import import_libraries, load_models; import_libraries(); load_models(); import streamlit.web.bootstrap, streamlit_webrtc"
# Nothing is written outside of /tmp, so that the root file system can be read-only.
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/readyz', timeout=4)"]
# `asl app` becomes Streamlit, so SIGTERM reaches it, and it ends within seconds.
ENTRYPOINT ["python", "-m", "asl_core"]
CMD ["app", "--server.address", "0.0.0.0", "--server.port", "8501", "--server.headless", "true"]
