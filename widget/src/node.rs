//! Elements without listeners. `html!` writes out every step of making one at each place, which is half a kilobyte of WebAssembly
//! for an element; this is one function.

use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, VTag};

/// An element with attributes, of which each name has its value, and children. An attribute without a value is left out. `key` keeps
/// it in place among its siblings while others come and go; none if it is empty.
#[inline(never)]
pub(crate) fn node(
    tag: &'static str,
    key: &str,
    names: &'static [&'static str],
    values: &[&str],
    children: Vec<Html>,
) -> Html {
    let mut node = VTag::new(tag);
    if !key.is_empty() {
        node.key = Some(key.into());
    }
    let value = |value: &&str| {
        (!value.is_empty()).then(|| AttributeOrProperty::Attribute((*value).to_owned().into()))
    };
    node.set_attributes(Attributes::Dynamic { keys: names, values: values.iter().map(value).collect() });
    node.add_children(children);
    node.into()
}

/// A number in digits, without the formatting of the standard library, which is 2 KB.
#[cfg(any(feature = "csr", test))]
pub(crate) fn digits(number: usize) -> String {
    let (rest, last) = (number / 10, u8::try_from(number % 10).unwrap_or_default());
    let mut all = if rest > 0 { digits(rest) } else { String::new() };
    all.push(char::from(b'0'.saturating_add(last)));
    all
}

/// A sentence with something in its only place, `{…}`.
pub(crate) fn filled(sentence: &str, thing: &str) -> String {
    let Some((before, rest)) = sentence.split_once('{') else { return sentence.to_owned() };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    [before, thing, after].concat()
}

/// A text.
#[inline(never)]
pub(crate) fn text(text: &str) -> Html {
    Html::from(text.to_owned())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_digits() {
        for number in [0, 7, 10, 89, 100, 65_537, usize::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }

    #[test]
    fn a_sentence_takes_something_in() {
        for (sentence, whole) in
            [("seit {time} offen", "seit 9 offen"), ("{time}", "9"), ("nothing", "nothing"), ("{time", "9")]
        {
            assert_eq!(filled(sentence, "9"), whole);
        }
    }
}
