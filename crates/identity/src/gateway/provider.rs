use std::fmt;

use serde::{Deserialize, Serialize};

platform::codes! {
    /// A provider that people sign in with.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Provider {
        /// GitHub.
        Github = "github";
        /// The OpenID Connect issuer.
        OpenId = "openid";
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
