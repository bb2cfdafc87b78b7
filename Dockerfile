# The portal's image: web server, worker, beat and the one-shot preparation are the same image with
# another command; docker-compose.yml names them.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VAR_DIR=/srv/var \
    STATIC_ROOT=/srv/static

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /srv/var

# PDFs of reviews are laid out with Pango.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/portal
COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
# Hashed and compressed once, here; the key signs nothing and is not kept.
RUN PORTAL_MODE=embedded VAR_DIR=/tmp/build SECRET_KEY=for-this-build-step-alone \
    python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "gunicorn", "collaborative.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
