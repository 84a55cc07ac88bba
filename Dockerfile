# Jupyter with the notebooks: docker build --tag empathy-notebooks . && docker run --rm -p 8888:8888 empathy-notebooks
# Pinned by version tag, not by digest: no registry was within reach where this was written. No container engine
# ran it either; docs/opening.md says how its steps were checked, and with which versions.
FROM node:20.20.2-bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      jupyter-notebook=6.4.12-2.2 git ca-certificates \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/empathy-notebooks
RUN chown node:node /opt/empathy-notebooks
USER node
COPY --chown=node:node . .
RUN node environment/setup.mjs && node environment/jupyter.mjs

ENV JUPYTER_PATH=/opt/empathy-notebooks/.jupyter
EXPOSE 8888
CMD ["node", "environment/lab.mjs", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
