//! The code hosts besides GitHub that an operator allows. Only their addresses are ever called, whatever people enter.

use std::collections::BTreeSet;

use secrecy::SecretString;

/// The longest list of code hosts.
const MOST: usize = 32;

/// The API that a code host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeApi {
    /// Gitea or Forgejo, such as codeberg.org.
    Gitea,
    /// GitLab.
    Gitlab,
    /// Bitbucket Cloud.
    Bitbucket,
}

/// A code host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSite {
    pub api: CodeApi,
    /// Its address in lower case, such as `https://codeberg.org`.
    pub address: String,
}

impl CodeSite {
    /// Returns its host, with the port if the address has one.
    #[must_use]
    pub fn host(&self) -> &str {
        let (_, host) = self.address.split_once("://").unwrap_or(("", &self.address));
        host
    }
}

/// The token for a code host.
#[derive(Clone)]
pub struct CodeToken {
    /// The host, as in [`CodeSite::host`].
    pub host: String,
    /// The token, or `NAME:PASSWORD`.
    pub token: SecretString,
}

/// Parses `gitlab=https://gitlab.com`, if `site` accepts the address.
pub(super) fn code_site(text: &str, site: impl Fn(&str) -> Option<String>) -> Option<CodeSite> {
    let (api, address) = text.split_once('=')?;
    let api = match api.trim() {
        "gitea" | "forgejo" => CodeApi::Gitea,
        "gitlab" => CodeApi::Gitlab,
        "bitbucket" => CodeApi::Bitbucket,
        _ => return None,
    };
    let address = site(address.trim())?.to_ascii_lowercase();
    Some(CodeSite { api, address })
}

/// Returns the code hosts if each is named once.
pub(super) fn each_once(sites: Vec<CodeSite>) -> Option<Vec<CodeSite>> {
    let hosts: BTreeSet<&str> = sites.iter().map(CodeSite::host).collect();
    (hosts.len() == sites.len() && sites.len() <= MOST).then_some(sites)
}

/// Parses `gitlab.com=TOKEN`.
pub(super) fn code_token(text: &str) -> Option<CodeToken> {
    let (host, token) = text.split_once('=')?;
    let (host, token) = (host.trim(), token.trim());
    let is_host = !host.is_empty() && !host.contains(['/', ' ', '@']);
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    (is_host && is_token)
        .then(|| CodeToken { host: host.to_ascii_lowercase(), token: token.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, ConfigError, Flags};

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables.iter();
        let environment = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(&environment.collect(), &Flags::default())
    }

    #[test]
    fn code_hosts_need_tls_in_production_and_tokens_need_their_host() {
        let local = ("GUILDHALL_CODE_HOSTS", "gitea=http://127.0.0.1:8092");
        assert_eq!(load(&[local]).expect("read").code_hosts.len(), 1);
        let token = ("GUILDHALL_CODE_HOST_TOKENS", "gitlab.com=planted");
        let production = ("GUILDHALL_ENVIRONMENT", "production");
        for refused in [[local, production], [local, token]] {
            let said = load(&refused).expect_err("refused").to_string();
            assert!(said.contains("code_host") && !said.contains("planted"), "{said}");
        }
        assert!(load(&[token]).expect("read").code_host_tokens.is_some());
    }

    #[test]
    fn a_code_host_has_an_api_and_an_address() {
        let site = |text: &str| code_site(text, |address| Some(address.to_owned()));
        for (text, api, host) in [
            ("gitlab=https://gitlab.com", CodeApi::Gitlab, "gitlab.com"),
            ("gitea = https://Codeberg.org", CodeApi::Gitea, "codeberg.org"),
            ("forgejo=https://git.example:3000", CodeApi::Gitea, "git.example:3000"),
            ("bitbucket=https://bitbucket.org", CodeApi::Bitbucket, "bitbucket.org"),
        ] {
            let read = site(text).expect(text);
            assert_eq!((read.api, read.host()), (api, host));
        }
        for text in ["https://gitlab.com", "svn=https://svn.example", ""] {
            assert_eq!(site(text), None, "{text}");
        }
        let twice = vec![site("gitlab=https://a.example").expect("read"); 2];
        assert_eq!(each_once(twice), None);
    }

    #[test]
    fn a_token_belongs_to_a_host() {
        let read = code_token("GitLab.com = glpat=x").expect("read");
        assert_eq!(read.host, "gitlab.com");
        for text in ["glpat", "=x", "gitlab.com=", "https://a/=x", "a=b c"] {
            assert!(code_token(text).is_none(), "{text}");
        }
    }
}
