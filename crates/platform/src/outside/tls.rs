//! TLS with the system's certificates, which all clients of this process share.

use std::sync::{Arc, LazyLock};

use reqwest::ClientBuilder;
use rustls::{ClientConfig, crypto::CryptoProvider};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// Shares the certificates with other clients. Reading them takes longer than most calls.
pub(super) fn with_tls(builder: ClientBuilder) -> ClientBuilder {
    static SHARED: LazyLock<Option<ClientConfig>> = LazyLock::new(config);
    match &*SHARED {
        Some(shared) => builder.tls_backend_preconfigured(shared.clone()),
        // The client reads them itself, and reports why it cannot.
        None => builder,
    }
}

fn config() -> Option<ClientConfig> {
    let provider = Arc::clone(CryptoProvider::get_default()?);
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().ok()?;
    let mut config = config.with_platform_verifier().ok()?.with_no_client_auth();
    config.alpn_protocols = vec!["h2".into(), "http/1.1".into()];
    Some(config)
}
