//! TLS with a certificate of this machine's own making, for verifiers and browsers that insist on it.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

/// The folder within the state, which outlives `--fresh`, so that who trusts the certificate goes on to.
pub(super) const FOLDER: &str = "tls";
/// Whom a client has to trust.
const CA: &str = "ca.pem";
const CERTIFICATE: &str = "server.pem";
const KEY: &str = "server.key";
/// What the certificate is for: nothing but this machine.
const NAMES: [&str; 4] = ["localhost", "*.auth.localhost", "127.0.0.1", "::1"];
/// Apple's devices take no server's certificate for longer than 398 days.
const DAYS: i64 = 397;
const RENEWED: Duration = Duration::from_secs(390 * 24 * 3_600);

/// What connections over TLS begin with.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    /// The file of the certificate that clients have to trust.
    pub(super) ca: PathBuf,
}

impl Tls {
    /// With the certificate of before, or with a new one. The key that signed it is never written down: nothing else can be signed
    /// with it, whoever trusts it and whoever reads the files.
    pub(super) fn open(state: &Path) -> io::Result<Self> {
        let folder = state.join(FOLDER);
        fs::create_dir_all(&folder)?;
        if !is_current(&folder.join(CA)) || !folder.join(KEY).exists() {
            make(&folder).map_err(io::Error::other)?;
        }
        let acceptor = acceptor(&folder).map_err(io::Error::other)?;
        Ok(Self { acceptor, ca: folder.join(CA) })
    }
}

fn is_current(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|it| it.modified());
    modified.is_ok_and(|it| SystemTime::now().duration_since(it).is_ok_and(|age| age < RENEWED))
}

fn acceptor(folder: &Path) -> Result<TlsAcceptor, Box<dyn std::error::Error + Send + Sync>> {
    let chain = CertificateDer::pem_file_iter(folder.join(CERTIFICATE))?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(folder.join(KEY))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn make(folder: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
    let authority = authority()?;
    let ca = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    let certificate = server()?.signed_by(&key, &issuer)?;
    write(&folder.join(KEY), &key.serialize_pem(), 0o600)?;
    write(&folder.join(CERTIFICATE), &certificate.pem(), 0o644)?;
    write(&folder.join(CA), &ca.pem(), 0o644)?;
    Ok(())
}

fn authority() -> Result<CertificateParams, rcgen::Error> {
    let mut params = dated(CertificateParams::new(Vec::new())?);
    params.distinguished_name.push(DnType::CommonName, "Skyloom on this machine");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn server() -> Result<CertificateParams, rcgen::Error> {
    let mut params = dated(CertificateParams::new(NAMES.map(str::to_owned))?);
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// From yesterday, in case another clock is behind.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let day = |date: jiff::civil::Date| {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        rcgen::date_time_ymd(date.year().into(), month, day)
    };
    params.not_before = day(today.saturating_sub(1.day()));
    params.not_after = day(today.saturating_add((DAYS - 1).days()));
    params
}

fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let _ = fs::remove_file(path); // one that is there would keep its mode
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_certificate_is_made_once_and_only_its_owner_reads_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let first = fs::read(Tls::open(folder.path()).unwrap().ca).unwrap();
        let second = fs::read(Tls::open(folder.path()).unwrap().ca).unwrap();
        assert_eq!(first, second);
        let key = folder.path().join(FOLDER).join(KEY);
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path().join(FOLDER)).unwrap().count(), 3, "the authority's key is nowhere");
    }
}
