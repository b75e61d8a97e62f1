"""Code systems, and when two codes are the same code. Knows no code tables."""

PROCEDURE_FAMILY = "CPT/HCPCS"

_FAMILIES = {"CPT": PROCEDURE_FAMILY, "HCPCS": PROCEDURE_FAMILY}


def code_family(code_system: str) -> str:
    """The family that rules and comparisons use: CPT and HCPCS are one.

    >>> code_family("cpt") == code_family("HCPCS")
    True
    >>> code_family("icd-10-cm")
    'ICD-10-CM'
    """
    system = code_system.strip().upper()
    return _FAMILIES.get(system, system)


def normal_code(code: str) -> str:
    """A code as it is compared: without dots and blanks, in capitals.

    >>> normal_code(" i25.119 ")
    'I25119'
    """
    return code.strip().upper().replace(".", "")


def written_code(code_system: str, code: str) -> str:
    """A code as people write it: diagnoses with their dot.

    >>> written_code("ICD-10-CM", "I25119"), written_code("CPT", "99214")
    ('I25.119', '99214')
    """
    dotted = code_system == "ICD-10-CM" and len(code) > 3 and "." not in code
    return f"{code[:3]}.{code[3:]}" if dotted else code


def normal_modifiers(text: str | None) -> tuple[str, ...]:
    """Modifiers of a comma-separated text, in capitals and in the order given.

    >>> normal_modifiers("25, lt")
    ('25', 'LT')
    >>> normal_modifiers(None)
    ()
    """
    return tuple(part.strip().upper() for part in text.split(",") if part.strip()) if text else ()


def code_group(family: str, code: str) -> str:
    """What a code has in common with its neighbours: a diagnosis' category, a procedure's hundred, a supply's letter.

    >>> code_group("ICD-10-CM", "J45909"), code_group("CPT/HCPCS", "99214"), code_group("CPT/HCPCS", "J1100")
    ('J45', '992xx', 'Jxxxx')
    """
    if family.startswith("ICD-10-CM"):
        return code[:3]
    if family == PROCEDURE_FAMILY:
        return f"{code[:3]}xx" if code[:1].isdigit() else f"{code[:1]}xxxx"
    return family
