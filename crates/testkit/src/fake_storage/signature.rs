//! Signatures in addresses, as AWS describes them (Signature Version 4).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::KEY;

/// Returns true if the query of a request is signed with the key that the fake accepts.
pub(super) fn is_right(method: &str, host: &str, path: &str, query: &str) -> bool {
    let value =
        |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let Some((key, _)) = value("X-Amz-Credential").and_then(|of| of.split_once("%2F")) else {
        return false;
    };
    key == KEY.0 && value("X-Amz-Signature") == sign(method, host, path, query, KEY.1).as_deref()
}

/// Computes the signature of a request whose query has all parameters of it; `None` if one is missing.
fn sign(method: &str, host: &str, path: &str, query: &str, secret: &str) -> Option<String> {
    let value =
        |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let mut parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.starts_with("X-Amz-Signature="))
        .map(|part| if part.contains('=') { part.to_owned() } else { format!("{part}=") })
        .collect();
    parts.sort();
    let request =
        format!("{method}\n{path}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD", parts.join("&"));
    let (_, scope) = value("X-Amz-Credential")?.split_once("%2F")?;
    let scope = scope.replace("%2F", "/");
    let digest = hex::encode(Sha256::digest(request));
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{digest}", value("X-Amz-Date")?);
    let first = format!("AWS4{secret}").into_bytes();
    let key = scope.split('/').fold(first, |key, part| keyed(&key, part));
    Some(hex::encode(keyed(&key, &text)))
}

fn keyed(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_example_of_aws_is_signed_alike() {
        let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F\
                     aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host";
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let signed = sign("GET", "examplebucket.s3.amazonaws.com", "/test.txt", query, secret);
        let expected = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        assert_eq!(signed.as_deref(), Some(expected));
    }
}
