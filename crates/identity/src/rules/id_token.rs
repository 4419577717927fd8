//! ID tokens: the account that an OpenID Connect issuer names, and the checks that the token comes from the
//! issuer, is meant for this server and this attempt, and has not expired (OpenID Connect Core 1.0,
//! 3.1.3.7).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use kernel::Timestamp;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::is_same;
use crate::model::Role;

/// The tolerated difference between the issuer's clock and ours.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The longest subject, in ASCII characters, as the standard defines it.
const LONGEST_SUBJECT: usize = 255;

/// The lengths of the modulus of an RSA key that verifies signatures, in bytes: 2048 to 8192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The required part of an issuer's public key (RFC 7517).
#[derive(Clone, Debug, Deserialize)]
pub struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The claims that a token must have.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    /// This server's client ID at the issuer.
    pub client_id: &'a str,
    /// The nonce of the attempt.
    pub nonce: &'a str,
    /// The current time.
    pub now: Timestamp,
}

/// The claims of a token.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    iss: String,
    /// The issuer's permanent ID of the account.
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nonce: Option<String>,
    /// The preferred name, which is neither unique nor verified.
    pub preferred_username: Option<String>,
    /// The groups of the account. Not every issuer states them as a list.
    groups: Option<Value>,
}

impl Claims {
    /// Returns the highest of the roles that the operator gives to groups of the account. A group is also known by its path, which
    /// begins with a slash.
    #[must_use]
    pub fn role(&self, roles: &[(String, Role)]) -> Option<Role> {
        let groups: Vec<&str> = match &self.groups {
            Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(group)) => vec![group],
            _ => Vec::new(),
        };
        let is_in = |name: &str| {
            groups.iter().any(|group| *group == name || group.strip_prefix('/') == Some(name))
        };
        roles.iter().filter(|(group, _)| is_in(group)).map(|(_, role)| *role).max()
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// The reason that a token is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// The text is not a signed token, or lacks a required claim.
    #[error("the ID token cannot be read")]
    Malformed,
    /// The issuer does not publish the key, which may have been rotated.
    #[error("the ID token is signed with a key that the issuer does not publish")]
    UnknownKey,
    /// No key with the token's key ID fits its algorithm, or its numbers are out of range.
    #[error(
        "the issuer's key for the ID token cannot be used: its kind does not fit the algorithm, or its numbers are out \
         of range"
    )]
    Key,
    /// The signature is not the issuer's.
    #[error("the ID token's signature is invalid")]
    Signature,
    /// Another issuer issued it.
    #[error("the ID token is from a different issuer")]
    Issuer,
    /// It is meant for another client.
    #[error("the ID token is for a different client")]
    Audience,
    /// It has expired, or was issued in the future.
    #[error("the ID token has expired, or a clock is wrong")]
    Time,
    /// It belongs to another attempt.
    #[error("the ID token belongs to a different sign-in (nonce mismatch)")]
    Nonce,
}

/// Parses and verifies a token.
///
/// # Errors
/// Returns the first reason to reject it.
pub fn read_id_token(
    token: &str,
    keys: &[Jwk],
    expected: &Expected<'_>,
) -> Result<Claims, TokenFault> {
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
    let (head, claims) = signed.split_once('.').ok_or(TokenFault::Malformed)?;
    let head: Head = json(head)?;
    if head.crit.is_some() {
        return Err(TokenFault::Malformed);
    }
    let signature = bytes(signature).ok_or(TokenFault::Malformed)?;
    check_signature(&head, keys, signed.as_bytes(), &signature)?;
    let claims: Claims = json(claims)?;
    check_claims(&claims, expected)?;
    Ok(claims)
}

fn check_claims(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if claims.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    if !is_for(claims, expected.client_id) {
        return Err(TokenFault::Audience);
    }
    let (now, leeway) = (expected.now.timestamp() as f64, LEEWAY.num_seconds() as f64);
    if now >= claims.exp + leeway || claims.iat > now + leeway {
        return Err(TokenFault::Time);
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if !is_same(nonce, expected.nonce) {
        return Err(TokenFault::Nonce);
    }
    let is_subject = !claims.sub.is_empty()
        && claims.sub.len() <= LONGEST_SUBJECT
        && claims.sub.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    is_subject.then_some(()).ok_or(TokenFault::Malformed)
}

/// Returns whether a token is for a client. A token for several clients must name the one that requested
/// it.
fn is_for(claims: &Claims, client_id: &str) -> bool {
    let (is_named, is_alone) = match &claims.aud {
        Audience::One(one) => (one == client_id, true),
        Audience::Many(many) => (many.iter().any(|one| one == client_id), many.len() == 1),
    };
    let is_given = match claims.azp.as_deref() {
        Some(azp) => azp == client_id,
        None => is_alone,
    };
    is_named && is_given
}

fn check_signature(
    head: &Head,
    keys: &[Jwk],
    signed: &[u8],
    signature: &[u8],
) -> Result<(), TokenFault> {
    // A key without an ID can be any.
    let is_meant = |key: &&Jwk| {
        key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && (head.kid.is_none() || key.kid.is_none() || key.kid == head.kid)
    };
    let mut fault = TokenFault::UnknownKey;
    for key in keys.iter().filter(is_meant) {
        match is_signed(&head.alg, key, signed, signature) {
            Some(true) => return Ok(()),
            Some(false) => fault = TokenFault::Signature,
            None if fault == TokenFault::UnknownKey => fault = TokenFault::Key,
            None => {}
        }
    }
    Err(fault)
}

/// Verifies with public keys only: `none` and shared secrets are rejected. Returns `None` if the key cannot be used
/// with the algorithm.
fn is_signed(algorithm: &str, key: &Jwk, signed: &[u8], signature: &[u8]) -> Option<bool> {
    let curve = key.crv.as_deref().unwrap_or_default();
    match (algorithm, key.kty.as_str(), curve) {
        ("RS256", "RSA", _) => rsa(&signature::RSA_PKCS1_2048_8192_SHA256, key, signed, signature),
        ("RS384", "RSA", _) => rsa(&signature::RSA_PKCS1_2048_8192_SHA384, key, signed, signature),
        ("RS512", "RSA", _) => rsa(&signature::RSA_PKCS1_2048_8192_SHA512, key, signed, signature),
        ("PS256", "RSA", _) => rsa(&signature::RSA_PSS_2048_8192_SHA256, key, signed, signature),
        ("PS384", "RSA", _) => rsa(&signature::RSA_PSS_2048_8192_SHA384, key, signed, signature),
        ("PS512", "RSA", _) => rsa(&signature::RSA_PSS_2048_8192_SHA512, key, signed, signature),
        ("ES256", "EC", "P-256") => point(key, 32).map(|point| {
            let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
            key.verify(signed, signature).is_ok()
        }),
        ("ES384", "EC", "P-384") => point(key, 48).map(|point| {
            let key = UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point);
            key.verify(signed, signature).is_ok()
        }),
        ("EdDSA", "OKP", "Ed25519") => part(key.x.as_ref()).filter(|x| x.len() == 32).map(|x| {
            let key = UnparsedPublicKey::new(&signature::ED25519, x);
            key.verify(signed, signature).is_ok()
        }),
        _ => None,
    }
}

fn rsa(how: &'static RsaParameters, key: &Jwk, signed: &[u8], signature: &[u8]) -> Option<bool> {
    let (n, e) = (number(key.n.as_ref())?, number(key.e.as_ref())?);
    if !RSA_BYTES.contains(&n.len()) {
        return None;
    }
    let key = RsaPublicKeyComponents { n, e };
    Some(key.verify(how, signed, signature).is_ok())
}

/// Encodes a point of a curve with coordinates of `size` bytes in uncompressed form (SEC 1, 2.3.3).
fn point(key: &Jwk, size: usize) -> Option<Vec<u8>> {
    let mut point = vec![4];
    for coordinate in [&key.x, &key.y] {
        let number = number(coordinate.as_ref())?;
        point.resize(point.len() + size.checked_sub(number.len())?, 0);
        point.extend(number);
    }
    Some(point)
}

/// Decodes a number. Some issuers write more or fewer zeros before it than the standard says.
fn number(text: Option<&String>) -> Option<Vec<u8>> {
    let bytes = part(text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes[zeros..].to_vec())
}

fn part(text: Option<&String>) -> Option<Vec<u8>> {
    bytes(text?)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, TokenFault> {
    let bytes = bytes(text).ok_or(TokenFault::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenFault::Malformed)
}

#[cfg(test)]
mod tests;
