/** The OpenAPI document, made from the schemas of the routes, and a page to read it; nothing is fetched from elsewhere. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** The page of the documents writes its own styles; it alone may. Its validator in the internet is switched off. */
const pagePolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** To be registered before the routes that it describes. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'xiangya-forms', version, description: 'Writes send `X-Requested-With: xiangya-forms`. Failures are RFC 9457 problems. Lists page by key.' },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'xf_session' } } },
      security: [{ session: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => (typeof json['$id'] === 'string' ? json['$id'] : `shape-${index}`) },
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: pagePolicy, uiConfig: { validatorUrl: '' } });
}
