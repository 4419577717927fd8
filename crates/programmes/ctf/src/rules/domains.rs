//! The domains of challenges.

platform::codes! {
    Domain {
        Web = "web", "Web";
        Cryptography = "cryptography", "Cryptography";
        Osint = "osint", "OSINT";
        Forensics = "forensics", "Forensics";
        BinaryExploitation = "binary_exploitation", "Binary exploitation";
        ReverseEngineering = "reverse_engineering", "Reverse engineering";
        Networking = "networking", "Networking";
        OperatingSystems = "operating_systems", "Operating systems";
        Miscellaneous = "miscellaneous", "Miscellaneous";
    }
}

impl Domain {
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
