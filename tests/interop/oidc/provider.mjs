// An OpenID provider (oidc-provider, by panva) for the tests, with its own sign-in and consent pages.
// node provider.mjs CLIENT_ID CLIENT_SECRET REDIRECT_URI LEFT_URI; prints its issuer and serves until it is ended.
// Whoever signs in as `name:nip` has the subject `name` and the claim `nip`; without a colon there is no NIP.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [clientId, clientSecret, redirectUri, leftUri] = process.argv.slice(2);
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [leftUri],
      },
    ],
    claims: { openid: ["sub"], profile: ["nip"] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    jwks: { keys: [{ ...key, use: "sig", alg: "RS256" }] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id.split(":")[0], nip: id.split(":")[1] }),
    }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
