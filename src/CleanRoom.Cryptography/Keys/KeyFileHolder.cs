namespace CleanRoom.Cryptography.Keys;

/// <summary>Whose keys a key file holds.</summary>
public enum KeyFileHolder
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>A member's sign, receive and witness keys.</summary>
    Member = 1,

    /// <summary>A collaborator's root key, which delegates to members.</summary>
    Root = 2,
}
