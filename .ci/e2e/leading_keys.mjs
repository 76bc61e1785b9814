// Reads and writes a table with the SDK for JavaScript and the credentials of an identity pool. Arguments: settings, name, password.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [settings, USERNAME, PASSWORD] = process.argv.slice(2);
const { aws: endpoint, pool, client, identities } = JSON.parse(settings);
const require = createRequire(`${process.env.NODE_PATH}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } = await load("@aws-sdk/client-dynamodb");
const { fromCognitoIdentityPool } = await load("@aws-sdk/credential-providers");

const TableName = "visitors-Note";
const region = "us-east-1";

// Cognito as a page calls it that has no library for it.
async function idToken() {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };
  const body = { ClientId: client, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD } };
  const reply = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(body) });
  return (await reply.json()).AuthenticationResult.IdToken;
}

function database(logins) {
  const credentials = fromCognitoIdentityPool({ identityPoolId: identities, logins, clientConfig: { region, endpoint } });
  return new DynamoDBClient({ region, endpoint, credentials, maxAttempts: 1 });
}

const query = (owner) =>
  new QueryCommand({
    TableName,
    KeyConditionExpression: "#owner = :owner",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": { S: owner } },
  });

// The name of the error that a command ends with.
async function refused(client, command) {
  try {
    await client.send(command);
    return "nothing";
  } catch (error) {
    return error.name;
  }
}

const own = database({ [`cognito-idp.${region}.amazonaws.com/${pool}`]: await idToken() });
const { identityId } = await own.config.credentials();
await own.send(new PutItemCommand({ TableName, Item: { owner: { S: identityId }, id: { S: "2" } } }));
const { Items } = await own.send(query(identityId));
console.log(
  JSON.stringify({
    identity: identityId,
    own: Items.map(({ id }) => id.S).filter((id) => id === "2"),
    anothers: await refused(own, query(`${region}:somebody-else`)),
    all: await refused(own, new ScanCommand({ TableName })),
    guest: await refused(database(), query(identityId)),
  }),
);
