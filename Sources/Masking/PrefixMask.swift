import COpenSSL

/// Maps addresses to addresses so that two that share their first n bits, and no more, still do: Crypto-PAn.
///
/// J. Xu, J. Fan, M. Ammar, S. Moon: Prefix-preserving IP address anonymization (ICNP 2002). Bit i of the result is bit
/// i of the address, flipped if the AES encryption of the first i bits, filled up from a secret pad, starts with a 1.
@safe
final class PrefixMask {
  private let context: OpaquePointer
  private let pad: [UInt8]
  private var known: [[UInt8]: [UInt8]] = [:]

  /// A mask by a key in words, of which SHA-256 makes the 32 bytes.
  convenience init(key: String) {
    var digest = [UInt8](repeating: 0, count: 32)
    let text = Array(key.utf8)
    let isDone = unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil)
    precondition(isDone == 1, "libcrypto has no SHA-256")
    self.init(bytes: digest)
  }

  /// A mask by 32 bytes: the key of AES-128, then what the pad is encrypted from.
  init(bytes: [UInt8]) {
    precondition(bytes.count == 32, "the key has 32 bytes")
    guard let context = unsafe EVP_CIPHER_CTX_new(),
      unsafe EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nil, Array(bytes[..<16]), nil) == 1
    else { preconditionFailure("libcrypto has no AES-128") }
    unsafe EVP_CIPHER_CTX_set_padding(context, 0)
    unsafe self.context = context
    pad = unsafe Self.encrypted(Array(bytes[16...]), context)
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// The address of 4 or 16 bytes that stands for this one.
  func masked(_ address: [UInt8]) -> [UInt8] {
    if let masked = known[address] { return masked }
    var masked = address
    var block = pad
    for bit in 0..<address.count * 8 {
      let place = bit / 8
      let flag: UInt8 = 0x80 >> UInt8(bit % 8)
      if unsafe Self.encrypted(block, context)[0] & 0x80 != 0 { masked[place] ^= flag }
      // The next block has one more bit of the address in place of the pad's.
      block[place] = block[place] & ~flag | address[place] & flag
    }
    known[address] = masked
    return masked
  }

  private static func encrypted(_ block: [UInt8], _ context: OpaquePointer) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    var count: Int32 = 0
    let isDone = unsafe EVP_EncryptUpdate(context, &output, &count, block, Int32(block.count))
    precondition(isDone == 1 && count == 16, "AES takes a block to a block")
    return Array(output[..<16])
  }
}
