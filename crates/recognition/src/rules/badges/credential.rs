//! Open Badges 3.0 credentials (1EdTech, a profile of the W3C Verifiable Credentials Data Model 2.0).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::model::Rarity;

#[derive(Clone, Debug, PartialEq)]
pub struct CredentialFacts<'a> {
    /// The public address of this server, without a slash at its end.
    pub site: &'a str,
    /// The name of the community that issues it.
    pub issuer: &'a str,
    pub award_id: Uuid,
    /// The person's ID, which stays when they get another login.
    pub person_id: Uuid,
    /// The person's login.
    pub login: &'a str,
    /// The badge's slug.
    pub slug: &'a str,
    /// The badge's name.
    pub name: &'a str,
    /// A sentence about the badge.
    pub description: &'a str,
    /// The criteria in words.
    pub criteria: &'a str,
    pub rarity: Rarity,
    /// When the badge was awarded.
    pub awarded_at: Timestamp,
    /// The numbers with which the criteria were reached, as JSON; absent for a badge by an admin.
    pub evidence: Option<&'a str>,
}

/// Returns the `OpenBadgeCredential` with the claims of a JSON Web Token (Open Badges 3.0, section 8.2).
#[must_use]
pub fn credential(facts: &CredentialFacts<'_>) -> Value {
    let CredentialFacts { site, .. } = facts;
    let badge = format!("{site}/badges/{}", facts.slug);
    let (person, id) = (urn(facts.person_id), urn(facts.award_id));
    let mut credential = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": { "id": site, "type": ["Profile"], "name": facts.issuer, "url": site },
        "validFrom": instant(facts.awarded_at),
        "name": facts.name,
        "credentialSubject": {
            "id": person,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": badge,
                "type": ["Achievement"],
                "achievementType": "Badge",
                "name": facts.name,
                "description": facts.description,
                "criteria": { "id": badge, "narrative": facts.criteria },
                "image": { "id": format!("{badge}/image.svg"), "type": "Image" },
                "tag": [facts.rarity.heading()],
            },
        },
        "credentialStatus": { "id": revocations(site), "type": "1EdTechRevocationList" },
        "iss": site,
        "sub": person,
        "jti": id,
        "nbf": facts.awarded_at.timestamp(),
    });
    if let Some(evidence) = facts.evidence {
        let narrative = format!("{} reached: {evidence}", facts.login);
        credential["evidence"] = json!([{
            "type": ["Evidence"], "narrative": narrative,
        }]);
    }
    credential
}

/// Returns the name of an award or a person, which no one else gets later.
fn urn(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

/// The path of the list of revoked credentials.
pub const REVOCATIONS: &str = "/badges/revocations.json";

fn revocations(site: &str) -> String {
    format!("{site}{REVOCATIONS}")
}

/// Returns the list of revoked credentials (1EdTech Revocation List Status Method 1.0). It says nothing else about the
/// awards.
#[must_use]
pub fn revocation_list(site: &str, revoked: impl IntoIterator<Item = Uuid>) -> Value {
    let entry = |id: Uuid| json!({ "id": urn(id), "revoked": true });
    let revoked: Vec<Value> = revoked.into_iter().map(entry).collect();
    json!({ "id": revocations(site), "issuer": site, "revokedCredential": revoked })
}

fn instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Returns the public key of this server as a JSON Web Key (RFC 8037). The header of a token has the same ID.
#[must_use]
pub fn web_key(site: &str, public_key: &[u8]) -> Value {
    json!({
        "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(public_key),
        "kid": key_id(site, public_key), "alg": "EdDSA", "use": "sig",
    })
}

/// Returns the address of the key, which ends with its thumbprint.
fn key_id(site: &str, public_key: &[u8]) -> String {
    format!("{site}/.well-known/jwks.json#{}", thumbprint(public_key))
}

/// Returns the thumbprint of a public key (RFC 7638): the hash of its required members in the order of their names.
fn thumbprint(public_key: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public_key);
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members.as_bytes()))
}

/// Returns the part of a token that is signed: its header and payload.
#[must_use]
pub fn signing_input(site: &str, public_key: &[u8], credential: &Value) -> String {
    let header = json!({ "alg": "EdDSA", "typ": "JWT", "kid": key_id(site, public_key) });
    let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}", part(&header), part(credential))
}

/// Returns the token of a signed part.
#[must_use]
pub fn signed(input: &str, signature: &[u8]) -> String {
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> CredentialFacts<'static> {
        CredentialFacts {
            site: "https://guild.example",
            issuer: "Fenwick Commons",
            award_id: Uuid::from_u128(7),
            login: "wren-oak",
            person_id: Uuid::from_u128(8),
            slug: "ten-merges",
            name: "Ten merged",
            description: "10 merged pull requests.",
            criteria: "Have 10 pull requests merged.",
            rarity: Rarity::Common,
            awarded_at: "2026-10-02T08:00:00.5Z".parse().expect("an instant"),
            evidence: Some(r#"{"count":10}"#),
        }
    }

    /// Open Badges 3.0, sections B.1.1 (AchievementCredential), B.1.2, B.1.3 and B.1.10.
    #[test]
    fn a_credential_has_the_required_properties() {
        let found = credential(&facts());
        assert_eq!(found["@context"][0], "https://www.w3.org/ns/credentials/v2");
        assert_eq!(found["type"][1], "OpenBadgeCredential");
        assert_eq!(found["validFrom"], "2026-10-02T08:00:00Z");
        for pointer in [
            "/id",
            "/name",
            "/issuer/id",
            "/issuer/type/0",
            "/credentialSubject/type/0",
            "/credentialSubject/achievement/id",
            "/credentialSubject/achievement/type/0",
            "/credentialSubject/achievement/name",
            "/credentialSubject/achievement/description",
            "/credentialSubject/achievement/criteria/narrative",
            "/evidence/0/type/0",
            "/credentialStatus/type",
        ] {
            let value = found.pointer(pointer).and_then(Value::as_str);
            assert!(value.is_some_and(|text| !text.is_empty()), "{pointer}: {found}");
        }
        assert_eq!(found["iss"], found["issuer"]["id"]);
        assert_eq!(found["jti"], found["id"]);
        assert_eq!(found["sub"], found["credentialSubject"]["id"]);
        assert_eq!(found["sub"], "urn:uuid:00000000-0000-0000-0000-000000000008");
        assert_eq!(found["nbf"], 1_790_928_000);
        let by_admin = CredentialFacts { evidence: None, ..facts() };
        assert_eq!(credential(&by_admin).get("evidence"), None);
    }

    #[test]
    fn the_status_of_a_credential_is_in_the_list_that_it_names() {
        let found = credential(&facts());
        let list = revocation_list("https://guild.example", [Uuid::from_u128(7)]);
        assert_eq!(found["credentialStatus"]["id"], list["id"]);
        assert_eq!(list["issuer"], found["issuer"]["id"]);
        assert_eq!(list["revokedCredential"][0], json!({ "id": found["id"], "revoked": true }));
    }

    /// The key and the thumbprint of RFC 8037, appendices A.2 and A.3.
    #[test]
    fn the_id_of_a_key_ends_with_its_thumbprint() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let public_key = URL_SAFE_NO_PAD.decode(x).expect("a key");
        let key = web_key("https://guild.example", &public_key);
        assert_eq!(key["x"], x);
        let kid = "https://guild.example/.well-known/jwks.json#kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(key["kid"], kid);
    }
}
