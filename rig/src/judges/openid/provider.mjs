// An independent OpenID Connect provider with its own sign-in pages. Any login is accepted. The client is native, so
// that the server may listen on any port of this machine.
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'guildhall',
    client_secret: process.argv[3],
    application_type: 'native',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/sign-in/openid/callback'],
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  cookies: { keys: ['for this run only'] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, preferred_username: id }),
  }),
  pkce: { required: () => true },
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
