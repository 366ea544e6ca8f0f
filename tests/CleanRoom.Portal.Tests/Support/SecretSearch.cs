using System.Buffers.Binary;
using System.Text;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>Looks for secrets in bytes: as they are, in hex, in base64 at each alignment, and, for text, in UTF-16.</summary>
internal sealed class SecretSearch
{
    /// <summary>A shorter secret could be met by chance.</summary>
    public const int MinBytes = 8;

    private readonly Dictionary<ulong, List<(byte[] Bytes, string Name)>> _forms = [];

    /// <summary>Gets the number of secrets that are looked for.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a text, such as a record or a query. One that is too short is no secret by itself, and is left out.</summary>
    public void AddText(string name, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) >= MinBytes)
        {
            AddBytes(name, Encoding.UTF8.GetBytes(text));
            AddForm($"{name} in UTF-16", Encoding.Unicode.GetBytes(text));
        }
    }

    /// <summary>Adds bytes, such as a key.</summary>
    public void AddBytes(string name, byte[] secret)
    {
        Count++;
        AddForm(name, secret);
        AddForm($"{name} in hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)));
        for (var shift = 0; shift < 3; shift++)
        {
            // The first and last characters depend on the neighbours: what lies between them does not.
            var text = Convert.ToBase64String([.. new byte[shift], .. secret]);
            var certain = text[(shift == 0 ? 0 : shift + 1)..(((shift + secret.Length) / 3) * 4)];
            AddForm($"{name} in base64", Encoding.ASCII.GetBytes(certain));
            AddForm($"{name} in base64url", Encoding.ASCII.GetBytes(certain.Replace('+', '-').Replace('/', '_')));
        }
    }

    /// <summary>Returns the names of the secrets that stand in some bytes, each once.</summary>
    public IReadOnlyList<string> FindIn(ReadOnlySpan<byte> bytes)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i + MinBytes <= bytes.Length; i++)
        {
            if (_forms.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]), out var forms))
            {
                foreach (var (form, name) in forms)
                {
                    if (bytes[i..].StartsWith(form))
                    {
                        found.Add(name);
                    }
                }
            }
        }

        return [.. found];
    }

    /// <summary>Returns the names of the secrets that stand in the files of a folder, with the file.</summary>
    public IReadOnlyList<string> FindIn(DirectoryInfo folder) =>
    [
        .. folder.EnumerateFiles("*", SearchOption.AllDirectories).SelectMany(file =>
        {
            using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return FindIn(bytes).Select(name => $"{name} in {file.Name}");
        }),
    ];

    private void AddForm(string name, byte[] form)
    {
        if (form.Length >= MinBytes)
        {
            var start = BinaryPrimitives.ReadUInt64LittleEndian(form);
            if (!_forms.TryGetValue(start, out var forms))
            {
                _forms.Add(start, forms = []);
            }

            forms.Add((form, name));
        }
    }
}
