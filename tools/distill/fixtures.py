"""Writes what the service's inference is held against: texts, the rows of their tokens and their vectors by the reference."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from student import StaticModel

FULL_EVERY = 12
TEXTS = [
    "How do I reset my password?",
    "how do i reset my password",
    "HOW DO I RESET MY PASSWORD???",
    "What is the way to change a forgotten password?",
    "Convert 100 USD to EUR",
    "Convert 250 USD to EUR",
    "Flights from London to Tokyo",
    "Flights from Tokyo to London",
    "Turn on dark mode",
    "Turn off dark mode",
    "Can I take ibuprofen while pregnant?",
    "Is it safe to not take ibuprofen?",
    "I don't want this; you can't, won't and shouldn't.",
    "What's the difference between TCP and UDP?",
    "How do I undo the last commit in Git?",
    "Why does `Array.prototype.sort()` sort numbers as strings?",
    "const x = a?.b ?? c; // what does this do?",
    "SELECT * FROM users WHERE id = 42",
    "Fehler: Cannot read properties of undefined (reading 'map')",
    "rm -rf /tmp/foo && echo done",
    "user_name@example.com",
    "https://example.com/path?query=1&other=two#part",
    "Order 48213 has not arrived",
    "Order 48231 has not arrived",
    "version 3.14.159 of the library",
    "$1,234.56 is 10% of €12,345.60",
    "C++ vs C# vs C",
    "e-mail, e–mail, e—mail",
    "“quoted” and ‘quoted’ and 'quoted'",
    "Café, naïve, Zürich, façade, señor, Ångström",
    "cafe, naive, Zurich, facade, senor, Angstrom",
    "Cafe\u0301 with its accent apart",
    "İstanbul and the Straße",
    "ﬁne ligatures and ½ a pound",
    "Wie setze ich mein Passwort zurück?",
    "¿Cómo puedo cambiar mi contraseña?",
    "Comment réinitialiser mon mot de passe ?",
    "Как сбросить пароль?",
    "Πώς αλλάζω τον κωδικό μου;",
    "如何重置我的密码？",
    "パスワードをリセットするには？",
    "비밀번호를 어떻게 재설정하나요?",
    "كيف يمكنني إعادة تعيين كلمة المرور؟",
    "पासवर्ड कैसे बदलें?",
    "password 密码 reset",
    "Does 🦄 mean anything? 🎉🎉",
    "🙂",
    "a",
    "7",
    "?",
    "...",
    "the",
    "an\u00a0odd\u2009kind\u3000of\u200bspace",
    "tabs\tand\nnew\r\nlines",
    "a zero\u0000byte and a soft\u00adhyphen",
    "xqzptv",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "pneumonoultramicroscopicsilicovolcanoconiosis is a long word",
    "x" * 101,
    "y" * 100 + " why",
    "the the the the the the the the",
    "Summarise the following text in three sentences. " + "The quick brown fox jumps over the lazy dog. " * 30,
    "word " * 512,
    "word " * 513,
    "",
    " ",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()

    model = StaticModel.load(args.model)
    cases = []
    for index, (text, vector) in enumerate(zip(TEXTS, model.encode(TEXTS))):
        shown = vector if index % FULL_EVERY == 0 else vector[:16]
        cases.append({"text": text, "ids": model.tokenizer.encode(text), "fits": model.is_legible(text), "vector": [round(float(value), 6) for value in shown]})
    lines = ",\n".join("    " + json.dumps(case, ensure_ascii=False) for case in cases)
    head = f'  "model": {json.dumps(model.header["sha256"])},\n  "dim": {model.widths.dim},\n'
    args.out.write_text("{\n" + head + '  "cases": [\n' + lines + "\n  ]\n}\n")


if __name__ == "__main__":
    main()
