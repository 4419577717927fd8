use identity::model::UserId;
use kernel::Problem;
use platform::{
    ActionError, Context,
    crypto::{CryptoError, KeyRing, random},
    db::code,
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use crate::{
    Programmes, reads,
    rules::badges::{CredentialFacts, Criteria, credential, signed, signing_input},
    store::credential_keys::{self, LOCK, StoredKey},
};

/// The server that issues a credential.
#[derive(Clone, Copy, Debug)]
pub struct Issuer<'a> {
    /// The public address, without a slash at its end.
    pub site: &'a str,
    /// The name of the community.
    pub name: &'a str,
}

/// Signs an Open Badges 3.0 credential of a badge that a person has, as a JSON Web Token. Creates the key on first use.
///
/// # Errors
/// When the person does not have the badge, or the key cannot be decrypted.
pub async fn sign_credential(
    context: &Context,
    programmes: Programmes,
    issuer: Issuer<'_>,
    (person, login): (UserId, &str),
    slug: &str,
) -> Result<String, ActionError> {
    let own = reads::badges_of_person(&context.db, person).await?;
    let own = own.into_iter().find(|own| own.badge.slug == slug);
    let missing = || Problem::not_found(format!("You do not have the badge '{slug}'."));
    let own = own.ok_or_else(missing)?;
    let key = ensure(context).await?;
    let criteria =
        code("badges.criteria", &own.badge.criteria, |text| Criteria::stored(text).ok())?;
    let facts = CredentialFacts {
        site: issuer.site,
        issuer: issuer.name,
        award_id: own.award_id,
        person_id: person.0,
        login,
        slug,
        name: &own.badge.name,
        description: &own.badge.description,
        criteria: &criteria.sentence(&programmes.metrics()),
        rarity: own.badge.rarity,
        awarded_at: own.awarded_at,
        evidence: own.evidence.as_deref(),
    };
    let public_key = key.public_key().as_ref();
    let input = signing_input(issuer.site, public_key, &credential(&facts));
    Ok(signed(&input, key.sign(input.as_bytes()).as_ref()))
}

/// Returns the key of this server, creating it on first use. It never changes, because credentials are checked with it.
async fn ensure(context: &Context) -> Result<Ed25519KeyPair, ActionError> {
    let ring = context.keys.as_ref().ok_or(CryptoError::Undecryptable)?;
    if let Some(stored) = credential_keys::find(&context.db).await? {
        return opened(ring, &stored);
    }
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    if let Some(stored) = credential_keys::find(&tx).await? {
        return opened(ring, &stored);
    }
    let seed = random::<32>()?;
    let key = pair(&seed)?;
    let stored = StoredKey {
        signing_secret: ring.seal(&seed)?,
        public_key: key.public_key().as_ref().to_vec(),
    };
    let id = context.ids.next();
    credential_keys::insert(&tx, id, stored, context.now()).await?;
    tx.commit().await?;
    Ok(key)
}

fn opened(ring: &KeyRing, stored: &StoredKey) -> Result<Ed25519KeyPair, ActionError> {
    let seed = ring.open(&stored.signing_secret)?;
    let key = Ed25519KeyPair::from_seed_and_public_key(&seed, &stored.public_key);
    Ok(key.map_err(|_| CryptoError::Undecryptable)?)
}

fn pair(seed: &[u8]) -> Result<Ed25519KeyPair, CryptoError> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| CryptoError::Undecryptable)
}
