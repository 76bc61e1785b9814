// Verifies a token with AWS's own verifier, which fetches the keys over HTTPS alone. Prints the claims, or why not.
import { JwtVerifier } from "aws-jwt-verify";

const { issuer, audience, jwksUri, token } = JSON.parse(process.argv[2]);
const verifier = JwtVerifier.create({ issuer, audience, jwksUri });
try {
  console.log(JSON.stringify(await verifier.verify(token)));
} catch (error) {
  console.log(JSON.stringify({ error: error.constructor.name }));
}
