using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>What a TD report says about the TDX module.</summary>
/// <param name="TcbSvn">TEE_TCB_SVN, 16 bytes: minor version of the module, major version, and so on. As of the TD's launch.</param>
/// <param name="CurrentTcbSvn">TEE_TCB_SVN2 of TDX 1.5, 16 bytes: as of now. Empty for TDX 1.0.</param>
/// <param name="MrSigner">MRSIGNERSEAM, 48 bytes.</param>
/// <param name="Attributes">SEAMATTRIBUTES, 8 bytes.</param>
internal sealed record TdxModuleVersion(Bytes TcbSvn, Bytes CurrentTcbSvn, Bytes MrSigner, Bytes Attributes);
