// Signs a user in with amazon-cognito-identity-js and prints what was asked on the way. Arguments: settings, name, password,
// and the secret of an authenticator app, if the user has one.
const { createHmac } = require("node:crypto");
const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");

const [settings, Username, Password, known] = process.argv.slice(2);
const { endpoint, pool, client } = JSON.parse(settings);
const Pool = new CognitoUserPool({ UserPoolId: pool, ClientId: client, endpoint });
const user = new CognitoUser({ Username, Pool });
const steps = [];

function bytes(secret) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  return Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// RFC 6238
function code(secret) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const tag = createHmac("sha1", bytes(secret)).update(step).digest();
  const offset = tag[19] & 15;
  return String((tag.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

const callbacks = {
  onFailure: fail,
  onSuccess(session) {
    steps.push("onSuccess");
    user.getUserAttributes((error, attributes) => {
      if (error) fail(error);
      const email = attributes.find(({ Name }) => Name === "email").Value;
      console.log(JSON.stringify({ steps, email, secret: callbacks.secret, token: session.getIdToken().getJwtToken() }));
    });
  },
  mfaSetup() {
    steps.push("mfaSetup");
    user.associateSoftwareToken(callbacks);
  },
  associateSecretCode(secret) {
    callbacks.secret = secret;
    user.verifySoftwareToken(code(secret), "phone", callbacks);
  },
  totpRequired() {
    steps.push("totpRequired");
    user.sendMFACode(code(known), callbacks, "SOFTWARE_TOKEN_MFA");
  },
};

user.authenticateUser(new AuthenticationDetails({ Username, Password }), callbacks);
