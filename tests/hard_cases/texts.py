"""The hard cases of the brief, word for word where words are the point, and one-line complaints as residents write them."""

COMPLAINTS = (
    "Jalan Dusun Karangsari RT 03/02 berlubang dalam, kemarin ada ibu-ibu jatuh dari motor.",
    "Gorong-gorong depan mushola ambrol, kalau hujan air masuk ke rumah warga.",
    "Mohon jalan poros desa dilebarkan karena truk hasil panen susah papasan.",
    "Talud sungai longsor 4 meter, tinggal 2 meter lagi kena dapur rumah saya.",
    "Saya urus surat pengantar KTP sudah tiga kali datang, petugasnya selalu keluar.",
    "Apa saja syarat surat keterangan pindah dan berapa lama jadinya?",
    'Diminta uang "administrasi" waktu bikin surat keterangan usaha, katanya seikhlasnya tapi ditunggu.',
    "Nama saya dicoret dari daftar BLT Dana Desa tanpa penjelasan, padahal saya janda dengan tiga anak.",
    "Tetangga yang punya mobil dapat PKH, yang gubuk malah tidak.",
    "Bagaimana cara mendaftar usulan bansos untuk orang tua saya yang stroke?",
    "Upah padat karya belum dibayar dua minggu.",
    "Usul dibuatkan bank sampah per RT.",
    "Air PAMSIMAS mati lima hari, kami harus beli air jerigen.",
    "Lampu jalan pertigaan balai desa mati sudah sebulan, rawan begal.",
    "Tolong pasang lampu di jalan ke makam.",
    "Tanah kas desa kok disewakan ke satu orang terus tanpa lelang?",
    "Obat di Poskesdes habis terus.",
    "Atap ruang kelas TK desa bocor.",
    "Anjing liar menggigit dua anak kemarin sore.",
    "Makam desa penuh, mohon ada perluasan.",
    "Kapan penyaluran BLT tahap berikutnya?",
)

ZAKAT = "Tolong diawasi pembagian zakat di RT 02."
CAR = "Pak Kades pakai mobil siaga untuk keluarganya ke Bandung. Jangan sebut nama saya."
NOT_WRITTEN_DOWN = "Yang nerima laporan ini saja sering tidak catat laporan saya."
SLANDER = "Si T di RT 6 itu maling dan perempuan tidak benar, usir saja!"
POTHOLE = "Lubang besar di tikungan jalan dekat balai desa"
LICENCE = "SIM saya ditolak di Polres, tolong."
TWO_MATTERS = "Jalan rusak depan rumah, sama sekalian BLT ibu saya kok belum cair ya?"
ROAD_IN_BANYUMASAN = "Kulo nuwun, dalan ngarep griyane inyong rusak nemen, wis suwe ora didandani, kepriben kiye Pak?"
WATER_IN_BANYUMASAN = "Banyune mati wis telung dina, inyong karo tangga pada ora bisa adus. Cepetan ya Pak Lurah."
SLANG = "pk kds jln dpn rmh sy rsk prh tlg dbnrin y, kmrn ank sy jth. mksh"
EMOJI = "lampu mati lg 😡😡 udh 2mgg!!! 🙏🙏"
CHILD = "Aku kelas 5, bapak sering mukul ibu."
HOUSEHOLDS = "Kami 40 kepala keluarga RT 02 minta saluran air di belakang mushola dibersihkan, tanda tangan terlampir."
FIVE_MONTHS_AGO = "Lima bulan lalu saya urus surat di balai desa dan dipersulit, sampai sekarang belum jadi."
NOBODY_CAME = "Belum ada yang datang kok dibilang selesai!"
THREAT = "Kalau tidak dibetulkan saya bakar balai desa."
SPAM = "PINJAMAN CEPAT cair 5 menit tanpa jaminan, klik https://pinjam.example/x bonus 500rb"
WRONG_VILLAGE = "Lampu di balai Desa Sidamulya mati, ini desa sebelah ya?"
