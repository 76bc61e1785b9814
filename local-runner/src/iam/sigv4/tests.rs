use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A `GET` of AWS's signing test suite, signed in its header.
fn get(uri: &str, headers: &[(&str, &str)], signature: &str) -> Result<(), Refusal> {
    let mut request = Request::get(uri).header("host", "example.amazonaws.com");
    let mut names = vec!["host"];
    for (name, value) in headers {
        request = request.header(*name, *value);
        names.push(*name);
    }
    names.dedup();
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={};x-amz-date, Signature={signature}",
        names.join(";")
    );
    let request = request.header("x-amz-date", "20150830T123600Z").header("authorization", authorization);
    check(request.body(Bytes::new()).unwrap())
}

fn check(request: Request<Bytes>) -> Result<(), Refusal> {
    open(request, SECRET).map(|_| ())
}

fn open(request: Request<Bytes>, secret: &str) -> Result<Bytes, Refusal> {
    verify(&request, &Authorization::of(request.headers(), request.uri()).unwrap(), secret)
}

#[test]
fn a_path_is_signed_without_empty_and_dotted_segments() {
    for uri in ["/", "//", "/example/.."] {
        assert_eq!(get(uri, &[], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"), Ok(()), "{uri}");
    }
}

#[test]
fn a_query_is_signed_in_order_and_encoded() {
    let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let uri = format!("/?{unreserved}={unreserved}");
    assert_eq!(get(&uri, &[], "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"), Ok(()));
    let uri = "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1";
    assert_eq!(get(uri, &[], "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"), Ok(()));
}

#[test]
fn headers_are_signed_trimmed_and_joined() {
    let spaced = [("my-header1", " value1"), ("my-header2", " \"a   b   c\"")];
    assert_eq!(get("/", &spaced, "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"), Ok(()));
    let repeated = [("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")];
    assert_eq!(get("/", &repeated, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"), Ok(()));
}

#[test]
fn an_encoded_path_is_encoded_again() {
    let request = Request::post("/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A892717189312%3Afunction%3Amy-rusty-fun/invocations")
        .header("host", "lambda.us-east-2.amazonaws.com")
        .header("x-amz-date", "20210511T154045Z")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20210511/us-east-2/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=4b93abbcc68be32bd64c18e2c71150660ab4c29bbd6c32a383a7517a88fc1804")
        .body(Bytes::new())
        .unwrap();
    assert_eq!(check(request), Ok(()));
}

#[test]
fn the_body_and_the_method_are_signed() {
    let request = |method: &str, body: &'static str| {
        Request::builder()
            .method(method)
            .uri("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", "example.amazonaws.com")
            .header("content-length", "13")
            .header("x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e")
            .header("x-amz-date", "20150830T123600Z")
            .header("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date, Signature=d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b")
            .body(Bytes::from(body))
            .unwrap()
    };
    assert_eq!(check(request("POST", "Param1=value1")), Ok(()));
    assert_eq!(check(request("POST", "Param1=value2")), Err(Refusal::SignatureMismatch));
    assert_eq!(check(request("PUT", "Param1=value1")), Err(Refusal::SignatureMismatch));
}

#[test]
fn a_presigned_url_is_verified_without_its_signature() {
    let url = |signature: &str| {
        format!(
            "https://example.amazonaws.com/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature={signature}"
        )
    };
    let open = |signature: &str| check(Request::get(url(signature)).body(Bytes::new()).unwrap());
    assert_eq!(open("c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"), Ok(()));
    assert_eq!(open("c5f1"), Err(Refusal::SignatureMismatch));
}

/// The key of the examples in S3's guide.
const S3_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The examples of chunked uploads in S3's guide: two pieces and the last, empty one.
fn chunked(framing: &str, seed: &str, chunks: [&str; 3], trailer: &str) -> Request<Bytes> {
    let mut body = Vec::new();
    for (size, signature) in [65_536, 1_024, 0].into_iter().zip(chunks) {
        body.extend_from_slice(format!("{size:x};chunk-signature={signature}\r\n").as_bytes());
        body.extend(std::iter::repeat_n(b'a', size));
        body.extend_from_slice(if size == 0 { b"" } else { b"\r\n" });
    }
    body.extend_from_slice(trailer.as_bytes());
    let trailers = if trailer.trim().is_empty() { "" } else { ";x-amz-trailer" };
    let length = if trailers.is_empty() { "content-encoding;content-length;host" } else { "content-encoding;host" };
    let mut request = Request::put("https://s3.amazonaws.com/examplebucket/chunkObject.txt")
        .header("host", "s3.amazonaws.com")
        .header("x-amz-date", "20130524T000000Z")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
        .header("x-amz-content-sha256", framing)
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", "66560")
        .header("content-length", "66824")
        .header("authorization", format!("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders={length};x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class{trailers},Signature={seed}"));
    if !trailers.is_empty() {
        request = request.header("x-amz-trailer", "x-amz-checksum-crc32c");
    }
    request.body(body.into()).unwrap()
}

const CHUNKS: [&str; 3] = [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
];
const SEED: &str = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";

#[test]
fn each_piece_of_a_chunked_body_is_verified() {
    let upload = |chunks| open(chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", SEED, chunks, "\r\n"), S3_SECRET);
    let body = upload(CHUNKS).unwrap();
    assert!(body.len() == 66_560 && body.iter().all(|byte| *byte == b'a'));
    let [first, second, last] = CHUNKS;
    for wrong in [[second, second, last], [first, first, last], [first, second, first]] {
        assert_eq!(upload(wrong), Err(Refusal::SignatureMismatch));
    }
}

#[test]
fn a_chunked_body_that_is_cut_short_or_goes_on_is_refused() {
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut request = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", SEED, CHUNKS, "\r\n");
        let mut body = request.body().to_vec();
        change(&mut body);
        *request.body_mut() = body.into();
        open(request, S3_SECRET).map_err(|refusal| refusal.to_string())
    };
    let incomplete = Err("The request body terminated unexpectedly".to_owned());
    assert_eq!(changed(|body| body.truncate(70_000 / 2)), incomplete);
    assert_eq!(changed(|body| body.extend_from_slice(b"5\r\nhello\r\n")), incomplete);
    assert_eq!(changed(|body| body.insert(0, b'+')), incomplete);
}

#[test]
fn the_trailer_of_a_chunked_body_is_verified() {
    let chunks = [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ];
    let signature = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    let upload = |checksum: &str| {
        let trailer = format!("x-amz-checksum-crc32c:{checksum}\r\nx-amz-trailer-signature:{signature}\r\n\r\n");
        let seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
        open(chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", seed, chunks, &trailer), S3_SECRET)
    };
    assert_eq!(upload("sOO8/Q==").map(|body| body.len()), Ok(66_560));
    assert_eq!(upload("sOO8/A=="), Err(Refusal::SignatureMismatch));
}

#[test]
fn s3_may_be_sent_a_body_that_is_not_signed_and_others_may_not() {
    // The presigned URL of S3's guide.
    let url = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let request = |body: &'static str| Request::get(url).body(Bytes::from(body)).unwrap();
    assert_eq!(open(request("any"), S3_SECRET), Ok("any".into()));
    let mut headers = http::HeaderMap::new();
    headers.insert("x-amz-content-sha256", "UNSIGNED-PAYLOAD".parse().unwrap());
    let credentials = super::super::Credentials {
        access_key_id: "AKIDEXAMPLE".into(),
        secret_access_key: SECRET.into(),
        session_token: String::new(),
    };
    let uri: http::Uri = "https://id.execute-api.us-east-1.amazonaws.com/orders".parse().unwrap();
    sign(("POST", &uri, b"{}"), &mut headers, &credentials, ("20150830T123600Z", "us-east-1", "execute-api"));
    assert!(!headers.contains_key("host"));
    let mut request = Request::post(uri).body(Bytes::from_static(b"{}")).unwrap();
    *request.headers_mut() = headers;
    let of_other_body = {
        let mut other = request.clone();
        *other.body_mut() = Bytes::from_static(b"[]");
        other
    };
    assert_eq!(check(request), Ok(()));
    assert_eq!(check(of_other_body), Err(Refusal::SignatureMismatch));
}

#[test]
fn s3_holds_a_client_to_the_hash_that_it_names() {
    let request = |hash: &str| {
        Request::put("https://examplebucket.s3.amazonaws.com/a")
            .header("x-amz-date", "20130524T000000Z")
            .header("x-amz-content-sha256", hash)
            .header("authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00")
            .body(Bytes::from_static(b"a"))
            .unwrap()
    };
    let code = |hash: &str| open(request(hash), S3_SECRET).unwrap_err().code(super::super::Protocol::RestJson);
    assert_eq!(code(&"0".repeat(64)), "XAmzContentSHA256Mismatch");
    assert_eq!(code("none"), "InvalidArgument");
    let right = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    assert_eq!(open(request(right), S3_SECRET), Err(Refusal::SignatureMismatch));
}
