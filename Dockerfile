FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional package is a Node for machines with an old one; this image has its own.
RUN npm ci --omit=dev --omit=optional
COPY src ./src
COPY fixtures ./fixtures
COPY openapi.yaml ./
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8787
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8787/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
