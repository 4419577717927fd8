//! The domains of challenges.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    Web,
    Cryptography,
    Osint,
    Forensics,
    BinaryExploitation,
    ReverseEngineering,
    Networking,
    OperatingSystems,
    Miscellaneous,
}

impl Domain {
    pub const ALL: [Self; 9] = [
        Self::Web,
        Self::Cryptography,
        Self::Osint,
        Self::Forensics,
        Self::BinaryExploitation,
        Self::ReverseEngineering,
        Self::Networking,
        Self::OperatingSystems,
        Self::Miscellaneous,
    ];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Cryptography => "cryptography",
            Self::Osint => "osint",
            Self::Forensics => "forensics",
            Self::BinaryExploitation => "binary_exploitation",
            Self::ReverseEngineering => "reverse_engineering",
            Self::Networking => "networking",
            Self::OperatingSystems => "operating_systems",
            Self::Miscellaneous => "miscellaneous",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Web => "Web",
            Self::Cryptography => "Cryptography",
            Self::Osint => "OSINT",
            Self::Forensics => "Forensics",
            Self::BinaryExploitation => "Binary exploitation",
            Self::ReverseEngineering => "Reverse engineering",
            Self::Networking => "Networking",
            Self::OperatingSystems => "Operating systems",
            Self::Miscellaneous => "Miscellaneous",
        }
    }

    /// Returns the domain of a category as the game platform writes it: in any case, with any separator, or by a usual alias.
    #[must_use]
    pub fn of_category(category: &str) -> Option<Self> {
        let known = match key(category).as_str() {
            "web" | "webexploitation" | "websecurity" | "webapp" | "webapplication" => Self::Web,
            "cryptography" | "crypto" => Self::Cryptography,
            "osint" | "opensourceintelligence" | "reconnaissance" | "recon" => Self::Osint,
            "forensics" | "forensic" | "digitalforensics" | "dfir" => Self::Forensics,
            "binaryexploitation" | "binexp" | "binex" | "binary" | "pwn" | "pwnable"
            | "exploitation" => Self::BinaryExploitation,
            "reverseengineering" | "rev" | "re" | "reverse" | "reversing" => {
                Self::ReverseEngineering
            }
            "networking" | "network" | "networks" | "net" | "networksecurity" => Self::Networking,
            "operatingsystems" | "operatingsystem" | "os" | "linux" | "windows" => {
                Self::OperatingSystems
            }
            "miscellaneous" | "misc" | "other" | "general" => Self::Miscellaneous,
            _ => return None,
        };
        Some(known)
    }
}

/// Returns the text that is stored as the domain of a category: that of a known domain, otherwise the category itself.
#[must_use]
pub fn stored_domain(category: &str) -> String {
    match Domain::of_category(category) {
        Some(domain) => domain.as_str().to_owned(),
        None => category.trim().to_owned(),
    }
}

/// Returns the alphanumeric characters of a category in lower case.
fn key(category: &str) -> String {
    let kept = category.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_normalized() {
        let expected = [
            ("Web Exploitation", Domain::Web),
            ("crypto", Domain::Cryptography),
            ("OSINT", Domain::Osint),
            ("Forensics", Domain::Forensics),
            ("binexp", Domain::BinaryExploitation),
            ("Binary-Exploitation", Domain::BinaryExploitation),
            ("rev", Domain::ReverseEngineering),
            ("Networking", Domain::Networking),
            ("os", Domain::OperatingSystems),
            ("misc", Domain::Miscellaneous),
        ];
        for (category, domain) in expected {
            assert_eq!(Domain::of_category(category), Some(domain), "{category}");
        }
        for domain in Domain::ALL {
            assert_eq!(stored_domain(domain.as_str()), domain.as_str());
            assert_eq!(stored_domain(domain.heading()), domain.as_str());
        }
    }

    #[test]
    fn unknown_categories_are_stored_as_they_are() {
        assert_eq!(stored_domain(" Quantum "), "Quantum");
        assert_eq!(Domain::of_category(""), None);
    }
}
