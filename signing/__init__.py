"""Who stands behind the bytes: signature facts, judgement, signing and sealing."""
