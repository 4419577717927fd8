//! Data types of people.

mod account;
mod demo;
mod github_connection;
mod identity;
mod ids;
mod person;
mod profile;
mod role;
mod second_factor;
mod session;
mod setup;
mod token;
mod topics;
mod viewer;

pub use account::{
    AccountKind, Authority, GithubAccount, OpenIdAccount, ProvenAccount, creation, is_github_login,
    placeholder_login,
};
pub use demo::{DemoPeople, DemoPerson};
pub use github_connection::{GithubConnection, GithubToken, HOOK_SCOPE};
pub use identity::{Identity, SeenLogin, SignInMethods};
pub use ids::{IdentityId, UserId, marker};
pub use person::{Person, PersonIdentity};
pub use profile::{OpenTo, Profile, ProfileLink, ProfilePart, StatedProfile, WantedAvatar};
pub(crate) use role::GroupGrant;
pub use role::Role;
pub use second_factor::SecondFactor;
pub use session::{Device, Session};
pub use setup::{SetupCode, SetupUse};
pub use token::{Scope, Scopes, Token};
pub use topics::{
    ACCOUNT_CLOSED, ACCOUNT_MOVED, AVATAR_ASKED, EXPORT_ASKED, GITHUB_TOKEN_REVOKED,
    IDENTITY_CHANGED, LISTING_CHANGED, NEW_DEVICE_CAME, PERSON_BANNED, REFRESH_REUSED,
    ROLE_GRANTED, ROLE_LOWERED, SECOND_FACTOR_CHANGED, SIGN_IN_ASKED, TOKEN_CREATED,
};
pub use viewer::{Ban, BanEvent, Credential, Factor, Viewer};
