use futures_util::future::BoxFuture;
use platform::{Context, config::Config, jobs::Failure};

use super::{CodeHost, GithubHost, HostError, OpenRepository, hosted::HostedHost};
use crate::rules::{checks::Host, repository_address::split_stored};

/// All code hosts that this server reads: GitHub, and those that the operator allows. A repository names its own.
#[derive(Debug)]
pub struct Hosts {
    github: GithubHost,
    others: Vec<HostedHost>,
}

impl Hosts {
    /// Creates the configured code hosts.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let tokens = || config.code_host_tokens.iter().flatten();
        let others = config.code_hosts.iter().map(|site| {
            let token = tokens().find(|token| token.host == site.host());
            HostedHost::new(site, token.map(|own| own.token.clone()))
        });
        Self { github: GithubHost::of(config), others: others.collect() }
    }

    fn named(&self, name: &str) -> Option<&HostedHost> {
        self.others.iter().find(|host| host.name() == name)
    }
}

impl CodeHost for Hosts {
    fn host_of(&self, repository: &str) -> Host {
        let (name, _) = split_stored(repository);
        let Some(name) = name else {
            return Host::github();
        };
        match self.named(name) {
            Some(host) => host.host_of(repository),
            None => Host { name: name.to_owned(), is_linked: false, lists_pushes: false },
        }
    }

    fn open<'a>(
        &'a self,
        context: &'a Context,
        repository: &'a str,
    ) -> BoxFuture<'a, Result<Option<Box<dyn OpenRepository + 'a>>, HostError>> {
        let (Some(name), _) = split_stored(repository) else {
            return self.github.open(context, repository);
        };
        if let Some(host) = self.named(name) {
            return host.open(context, repository);
        }
        let says = format!(
            "This server no longer reads repositories at {name}: add it to code_hosts (GUILDHALL_CODE_HOSTS)."
        );
        Box::pin(async move { Err(HostError(Failure::Fail(says))) })
    }
}
